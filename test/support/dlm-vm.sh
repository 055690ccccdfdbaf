#!/bin/bash
# dlm-vm.sh - the Linux kernel's distributed lock manager (fs/dlm) in a throw-away virtual machine, one cluster node, Debian packages only.
# It is a witness: dlmsh.c in it takes real DLM locks, with every mode, conversion queue, blocking notice and value block. This
# repository is in it, too, read-only at /repo, with the Node of this machine: the stack `dlm` runs there.
#
#   dlm-vm.sh build                 fetches kernel, busybox, libdlm and qemu, compiles dlmsh, builds the initramfs (start does it on demand)
#   dlm-vm.sh start [DIR] [PORT]    boots (10 s without KVM, more on a busy machine); DIR/port1.sock .. port6.sock each speak to a line
#                                   of the guest, below; PORT of 127.0.0.1 leads to the same port of the guest
#   dlm-vm.sh start DIR PORT NODE PEER    as one of a cluster of two: NODE 1 or 2, PEER the DIR of the other
#   dlm-vm.sh stop [DIR]            DIR: default $DLM_DIR/run
# A line of the guest runs what it is sent as a command of its shell, which then has the line as its input and output. When the command
# has ended, the line says `exit CODE` and takes the next one.
# No dlm_controld and no corosync: a handler of kernel uevents in the guest does what they would do for a cluster of one node.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)
DLM_DIR=${DLM_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/leasehold-dlm}
mkdir -p "$DLM_DIR"
say() { echo "dlm-vm: $*" >&2; }

# In the order of their dependencies.
modules=(virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_console failover net_failover virtio_net
  netfs fscache 9pnet 9pnet_virtio 9p configfs dlm loop ocfs2_nodemanager ocfs2_stackglue ocfs2_dlm ocfs2_stack_o2cb ocfs2_dlmfs)

build() {
  local b=$DLM_DIR/build kver root node lib made
  # Checkouts of several versions share it.
  made=$(cat "$here/dlmsh.c" "$here/dlm-vm.sh" | sha256sum)
  [ "$(cat "$b/.ok" 2>/dev/null)" = "$made" ] && return
  mkdir -p "$b" && cd "$b"
  local need=(qemu-system-x86 busybox-static cpio gcc libc6-dev libdlm-dev libdlm3)
  for program in apt-get dpkg; do
    command -v "$program" >/dev/null || { say "this machine is built from Debian packages, and there is no $program here"; return 1; }
  done
  if ! dpkg -s "${need[@]}" >/dev/null 2>&1; then
    [ "$(id -u)" = 0 ] || { say "install these packages as root, and repeat: ${need[*]}"; return 1; }
    say 'installing qemu, busybox, libdlm and a compiler (as root)'
    apt-get -q update >apt.log 2>&1 || true
    apt-get -q -y --no-install-recommends install "${need[@]}" >>apt.log 2>&1 || { cat apt.log >&2; return 1; }
  fi
  local kpkg; kpkg=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/{print $2; exit}')
  [ -n "$kpkg" ] || { say 'apt knows no linux-image-amd64; apt-get update may help'; return 1; }
  say "fetching $kpkg"
  ls "$kpkg"_*.deb >/dev/null 2>&1 || apt-get -q -o APT::Sandbox::User=root download "$kpkg" >>apt.log 2>&1 || { cat apt.log >&2; return 1; }
  rm -rf k && dpkg -x "$kpkg"_*.deb k
  kver=$(basename k/boot/vmlinuz-*); kver=${kver#vmlinuz-}
  cp "k/boot/vmlinuz-$kver" vmlinuz
  root=$b/root; rm -rf "$root"; mkdir -p "$root"/{bin,proc,sys,dev,tmp,mod,repo,node,dlm,lib64,lib/x86_64-linux-gnu}
  gcc -O1 -Wall -o "$root/bin/dlmsh" "$here/dlmsh.c" -ldlm
  cp /bin/busybox "$root/bin/"
  node=$(readlink -f "$(command -v node)")
  mkdir -p node && cp "$node" node/node
  for lib in /lib/x86_64-linux-gnu/libdlm.so.3 $(ldd "$node" | awk '$3 ~ /^\//{print $3}'); do cp -L "$lib" "$root/lib/x86_64-linux-gnu/"; done
  cp -L /lib64/ld-linux-x86-64.so.2 "$root/lib64/"
  for lib in "${modules[@]}"; do find k -name "$lib.ko" -exec cp {} "$root/mod/" \;; done
  cat >"$root/init" <<I
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc p /proc; mount -t sysfs s /sys; mount -t devtmpfs d /dev; mount -t tmpfs t /tmp; mount -t debugfs d /sys/kernel/debug
ip link set lo up
for m in ${modules[*]}; do insmod /mod/\$m.ko; done
I
  cat >>"$root/init" <<'I'
ip addr add 10.0.2.15/24 dev eth0; ip link set eth0 up; ip route add default via 10.0.2.2
for share in repo node; do mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 $share /$share; done
mount -t configfs c /sys/kernel/config
self=$(sed -n 's/.*lh_node=\([12]\).*/\1/p' /proc/cmdline); echo ${self:=1} >/tmp/self; echo $self >/tmp/members
if [ -e /sys/class/net/eth1 ]; then ip addr add 10.9.0.$self/24 dev eth1; ip link set eth1 up; all='1 2' net='\012\011\000'; else all=1 net='\177\000\000'; fi
c=/sys/kernel/config/dlm/cluster
mkdir $c; echo -n leasehold >$c/cluster_name
for n in $all; do
  mkdir $c/comms/$n; echo $n >$c/comms/$n/nodeid
  printf "\002\000\000\000$net\00$n" >/tmp/addr; dd if=/dev/zero bs=1 count=120 2>/dev/null >>/tmp/addr
  dd if=/tmp/addr of=$c/comms/$n/addr bs=128 2>/dev/null
done
echo 1 >$c/comms/$self/local
mkdir -p /dev/misc; for n in control monitor; do ln -s /dev/dlm-$n /dev/misc/dlm-$n; done
uevent /bin/controld &
for n in 1 2 3 4 5 6; do /bin/line $n & done
while :; do sleep 1000; done
I
  cat >"$root/bin/controld" <<'I'
#!/bin/busybox sh
# What dlm_controld does at a lockspace's beginning and end, for the nodes in /tmp/members: this one, at first.
[ "$SUBSYSTEM" = dlm ] || exit 0
n=${DEVPATH##*/}; c=/sys/kernel/config/dlm/cluster/spaces/$n; s=/sys/kernel/dlm/$n
case $ACTION in
online) ln -sf /dev/dlm_$n /dev/misc/dlm_$n; for m in $(cat /tmp/members); do mkdir -p $c/nodes/$m; echo $m >$c/nodes/$m/nodeid; done; echo 12345 >$s/id; echo 1 >$s/control; echo 0 >$s/event_done ;;
# Without a stop of its locks: a process that asks for one then would wait for this, and this for the process.
offline) rm -f /dev/misc/dlm_$n; rmdir $c/nodes/* $c; echo 0 >$s/event_done ;;
esac
I
  cat >"$root/bin/line" <<'I'
#!/bin/busybox sh
# One line to the host: runs what it is sent. A read ends at once while nobody is there. It waits without a process for that: without
# KVM, on a busy machine, five of them a second would take most of the time.
while [ ! -e /dev/vport*p$1 ]; do usleep 100000; done
mkfifo /tmp/idle$1; exec 5<>/tmp/idle$1
set -- /dev/vport*p$1
exec 4<>$1
while :; do
  if read -r command <&4; then sh -c "$command" <&4 >&4 2>&1; echo "exit $?" >&4; else read -t 1 never <&5; fi
done
I
  chmod +x "$root"/init "$root"/bin/controld "$root"/bin/line
  (cd "$root" && find . | cpio -o -H newc 2>/dev/null | gzip -1 >../initrd.gz)
  echo "$made" >.ok
}
start() {
  local d=${1:-$DLM_DIR/run} port=${2:-} self=${3:-} peer=${4:-} i; build; mkdir -p "$d"
  local dev=(-device virtio-serial-pci) net=user,id=n
  [ -z "$port" ] || net+=",hostfwd=tcp:127.0.0.1:$port-:$port"
  for i in 1 2 3 4 5 6; do rm -f "$d/port$i.sock"; dev+=(-chardev "socket,id=c$i,path=$d/port$i.sock,server=on,wait=off" -device "virtserialport,chardev=c$i,nr=$i"); done
  for i in repo node; do
    local path=$repo; [ "$i" = node ] && path=$DLM_DIR/build/node
    dev+=(-fsdev "local,id=$i,path=$path,security_model=none,readonly=on" -device "virtio-9p-pci,fsdev=$i,mount_tag=$i")
  done
  if [ -n "$self" ]; then
    rm -f "$d/link"
    dev+=(-netdev "dgram,id=l,local.type=unix,local.path=$d/link,remote.type=unix,remote.path=$peer/link"
      -device "virtio-net-pci,netdev=l,mac=52:54:00:09:00:0$self")
  fi
  # no_timer_check: on a busy machine the kernel would find that its timer does not work, and give up.
  qemu-system-x86_64 -accel tcg -cpu max -m 1024 -display none -serial "file:$d/console" -no-reboot \
    -netdev "$net" -device virtio-net-pci,netdev=n \
    -kernel "$DLM_DIR/build/vmlinuz" -initrd "$DLM_DIR/build/initrd.gz" -append "console=ttyS0 panic=-1 no_timer_check lh_node=${self:-1}" "${dev[@]}" \
    </dev/null >"$d/qemu.log" 2>&1 &
  echo $! >"$d/pid"; disown
  for i in 1 2 3 4 5 6 7 8 9 10; do
    [ -S "$d/port6.sock" ] && kill -0 "$(cat "$d/pid")" 2>/dev/null && return
    kill -0 "$(cat "$d/pid")" 2>/dev/null || break
    sleep 0.5
  done
  say 'qemu did not start:'; cat "$d/qemu.log" >&2; return 1
}
case ${1:-} in
build) build ;;
start) shift; start "$@" ;;
stop) d=${2:-$DLM_DIR/run}; [ -e "$d/pid" ] && kill "$(cat "$d/pid")" 2>/dev/null; rm -f "$d/pid" ;;
*) sed -n '2,15p' "$0" ;;
esac
