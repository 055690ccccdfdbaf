#!/bin/bash
# ganesha.sh PORT DIRECTORY STATE - NFS-Ganesha (user space, FSAL_VFS) in the foreground, serving DIRECTORY as /export
# on PORT. From Debian packages, unpacked privately below KNFSD_DIR as knfsd.sh does; needs root. STATE is a folder of
# its own.
set -u -o pipefail
BASE=${KNFSD_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/leasehold-knfsd}/cache/ganesha
PORT=$1 DIRECTORY=$2 STATE=$3
mkdir -p "$BASE/deb"
exec 9>"$BASE/.lock"; flock 9
if [ ! -e "$BASE/.ok" ]; then
  pk=$(apt-get -s --no-install-recommends install nfs-ganesha-vfs 2>/dev/null | awk '/^Inst/{print $2}')
  [ -n "$pk" ] || { apt-get -q update >>"$BASE/apt.log" 2>&1
    pk=$(apt-get -s --no-install-recommends install nfs-ganesha-vfs | awk '/^Inst/{print $2}'); }
  # shellcheck disable=SC2086
  (cd "$BASE/deb" && apt-get -q -o APT::Sandbox::User=root download $pk >>"$BASE/apt.log" 2>&1) \
    || { echo "ganesha: download failed, see $BASE/apt.log" >&2; exit 1; }
  for f in "$BASE"/deb/*.deb; do dpkg -x "$f" "$BASE/root" || exit 1; done
  touch "$BASE/.ok"
fi
exec 9>&-
libraries=$(find "$BASE/root" -name '*.so*' -printf '%h\n' | sort -u | tr '\n' ':')
cat >"$STATE/ganesha.conf" <<E
NFS_CORE_PARAM {
  NFS_Protocols = 4; NFS_Port = $PORT; Enable_NLM = false; Enable_RQUOTA = false;
  Plugins_Dir = $(dirname "$(find "$BASE/root" -name libfsalvfs.so)");
}
NFSv4 { Minor_Versions = 1, 2; Graceless = true; RecoveryRoot = $STATE; Lease_Lifetime = 10; Grace_Period = 5; }
EXPORT {
  Export_Id = 1; Path = $DIRECTORY; Pseudo = /export; Access_Type = RW; Squash = No_Root_Squash; SecType = sys;
  Protocols = 4; Transports = TCP; FSAL { Name = VFS; }
}
E
export LD_LIBRARY_PATH=$libraries
exec "$(find "$BASE/root" -name ganesha.nfsd -type f)" -F -f "$STATE/ganesha.conf" -L STDOUT -p "$STATE/pid" -N NIV_EVENT
