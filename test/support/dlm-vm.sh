#!/bin/bash
# dlm-vm.sh - the Linux kernel's distributed lock manager (fs/dlm) in a throw-away virtual machine, one cluster node, Debian packages only.
# It is a witness: dlmsh.c in it takes real DLM locks, with every mode, conversion queue, blocking notice and value block.
#
#   dlm-vm.sh build            fetches kernel, busybox, libdlm and qemu, compiles dlmsh, builds the initramfs (start does it on demand)
#   dlm-vm.sh start [DIR]      boots (10 s without KVM, more on a busy machine); DIR/dlm0.sock .. dlm3.sock each speak to a dlmsh of its own (dlmsh.c)
#   dlm-vm.sh stop [DIR]       DIR: default $DLM_DIR
# A line `!exit` on a socket kills that dlmsh (what it held goes with it); a new one is there at once and says `ready`.
# No dlm_controld and no corosync: a handler of kernel uevents in the guest does what they would do for a cluster of one node.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
DLM_DIR=${DLM_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/leasehold-dlm}
mkdir -p "$DLM_DIR"
say() { echo "dlm-vm: $*" >&2; }

build() {
  local b=$DLM_DIR/build kver root
  [ -e "$b/.ok" ] && [ "$b/.ok" -nt "$here/dlmsh.c" ] && [ "$b/.ok" -nt "$here/dlm-vm.sh" ] && return
  mkdir -p "$b" && cd "$b"
  local need=(qemu-system-x86 busybox-static cpio gcc libc6-dev libdlm-dev libdlm3)
  if ! dpkg -s "${need[@]}" >/dev/null 2>&1; then
    say 'installing qemu, busybox, libdlm and a compiler (as root)'
    apt-get -q update >apt.log 2>&1 || true
    apt-get -q -y --no-install-recommends install "${need[@]}" >>apt.log 2>&1 || { cat apt.log >&2; return 1; }
  fi
  local kpkg; kpkg=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/{print $2; exit}')
  say "fetching $kpkg"
  ls "$kpkg"_*.deb >/dev/null 2>&1 || apt-get -q -o APT::Sandbox::User=root download "$kpkg" >>apt.log 2>&1
  rm -rf k && dpkg -x "$kpkg"_*.deb k
  kver=$(basename k/boot/vmlinuz-*); kver=${kver#vmlinuz-}
  cp "k/boot/vmlinuz-$kver" vmlinuz
  root=$b/root; rm -rf "$root"; mkdir -p "$root"/{bin,proc,sys,dev,tmp,mod,lib64,lib/x86_64-linux-gnu}
  gcc -O1 -Wall -o "$root/bin/dlmsh" "$here/dlmsh.c" -ldlm
  cp /bin/busybox "$root/bin/"
  cp -L /lib/x86_64-linux-gnu/libdlm.so.3 /lib/x86_64-linux-gnu/libc.so.6 "$root/lib/x86_64-linux-gnu/"
  cp -L /lib64/ld-linux-x86-64.so.2 "$root/lib64/"
  find k -name configfs.ko -o -name dlm.ko -path '*fs/dlm*' | xargs -I{} cp {} "$root/mod/"
  cat >"$root/init" <<'I'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc p /proc; mount -t sysfs s /sys; mount -t devtmpfs d /dev
ip link set lo up
for m in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_console configfs dlm; do insmod /mod/$m.ko; done
mount -t configfs c /sys/kernel/config
c=/sys/kernel/config/dlm/cluster
mkdir $c; echo -n leasehold >$c/cluster_name
mkdir $c/comms/1; echo 1 >$c/comms/1/nodeid
printf '\002\000\000\000\177\000\000\001' >/tmp/addr; dd if=/dev/zero bs=1 count=120 2>/dev/null >>/tmp/addr
dd if=/tmp/addr of=$c/comms/1/addr bs=128 2>/dev/null; echo 1 >$c/comms/1/local
mkdir -p /dev/misc; for n in control monitor; do ln -s /dev/dlm-$n /dev/misc/dlm-$n; done
uevent /bin/controld &
usleep 300000
# The first makes the lockspace. Two that do so at once bring down the kernel (misc_register of one name, twice).
/bin/terminal 0 &
while [ ! -e /dev/dlm_lh ]; do usleep 100000; done
for n in 1 2 3; do /bin/terminal $n & done
while :; do sleep 1000; done
I
  cat >"$root/bin/controld" <<'I'
#!/bin/busybox sh
# What dlm_controld does at a lockspace's beginning and end, for the one node there is.
[ "$SUBSYSTEM" = dlm ] || exit 0
n=${DEVPATH##*/}; c=/sys/kernel/config/dlm/cluster/spaces/$n; s=/sys/kernel/dlm/$n
case $ACTION in
online) ln -sf /dev/dlm_$n /dev/misc/dlm_$n; mkdir -p $c/nodes/1; echo 1 >$c/nodes/1/nodeid; echo 12345 >$s/id; echo 1 >$s/control; echo 0 >$s/event_done ;;
offline) echo 0 >$s/control; rmdir $c/nodes/1 $c; echo 0 >$s/event_done ;;
esac
I
  cat >"$root/bin/terminal" <<'I'
#!/bin/busybox sh
# One line to the host, with a dlmsh behind it; the line `!exit` ends that one.
t=/dev/hvc$(($1))
exec 4<>$t; stty raw -echo <&4
while :; do
  mkfifo /tmp/in$1 2>/dev/null
  /bin/dlmsh </tmp/in$1 >&4 & p=$!
  exec 3>/tmp/in$1
  while read -r l; do [ "$l" = '!exit' ] && break; echo "$l" >&3; done <&4
  kill -9 $p; exec 3>&-; wait $p
done
I
  chmod +x "$root"/init "$root"/bin/controld "$root"/bin/terminal
  find k -name virtio_console.ko -o -name virtio_pci.ko -o -name virtio_ring.ko -o -name virtio.ko -o -name 'virtio_pci_*_dev.ko' | xargs -I{} cp {} "$root/mod/"
  (cd "$root" && find . | cpio -o -H newc 2>/dev/null | gzip -1 >../initrd.gz)
  touch .ok
}
start() {
  local d=${1:-$DLM_DIR/run} i; build; mkdir -p "$d"
  local dev=(-device virtio-serial-pci)
  for i in 0 1 2 3; do rm -f "$d/dlm$i.sock"; dev+=(-chardev "socket,id=c$i,path=$d/dlm$i.sock,server=on,wait=off" -device "virtconsole,chardev=c$i"); done
  qemu-system-x86_64 -accel tcg -cpu max -m 256 -display none -serial "file:$d/console" -no-reboot -nic none \
    -kernel "$DLM_DIR/build/vmlinuz" -initrd "$DLM_DIR/build/initrd.gz" -append 'console=ttyS0 panic=-1' "${dev[@]}" \
    </dev/null >"$d/qemu.log" 2>&1 &
  echo $! >"$d/pid"; disown
}
case ${1:-} in
build) build ;;
start) start "${2:-}" ;;
stop) d=${2:-$DLM_DIR/run}; [ -e "$d/pid" ] && kill "$(cat "$d/pid")" 2>/dev/null; rm -f "$d/pid" ;;
*) sed -n '2,9p' "$0" ;;
esac
