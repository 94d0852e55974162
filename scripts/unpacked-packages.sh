#!/bin/bash
# Sourced by the scripts that use programs of this distribution without installing them. The packages are downloaded
# with a package state of our own and unpacked into a folder of .cache. No daemon starts, and no root is needed.
#
# The script that sources this file sets:
#   NAME       its folder in .cache
#   NEEDS      what it says when this computer has no apt-get
#   MISSING    what it says when the distribution lacks one of the packages
#   PACKAGES   the packages; what they depend on and this computer lacks comes with them
#   LIBRARIES  folders with libraries, below the folder for this processor in usr/lib
#   PROGRAMS   what to print a folder of: name:path in the packages
# It may define `prepare`, which is called with the folder of the unpacked packages, and SETTINGS, one assignment that
# every program gets; $here in it is that folder.
# Then it calls `unpacked_packages "$@"`.

# shellcheck disable=SC2153 # these names are set by the script that sources this file
unpacked_packages() {
	local refresh=''
	case ${1:-} in
	--help | -h)
		sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"
		return
		;;
	--refresh) refresh=yes ;;
	'') ;;
	*) die "unknown argument '$1'; see $0 --help" ;;
	esac
	command -v apt-get >/dev/null || die "$NEEDS"

	cache=$(cd "$(dirname "$0")/.." && pwd)/.cache/$NAME
	mkdir -p "$cache"
	exec 9>"$cache/lock"
	flock 9
	local current release
	release=$(sed -n 's/^\(ID\|VERSION_ID\)=//p' /etc/os-release | tr -d '"' | sort -r | paste -sd-)
	current=$cache/$release-$(dpkg --print-architecture)
	if [ -n "$refresh" ] || ! is_current "$current"; then
		bring "$current"
	fi
	echo "$current/programs"
}

is_current() {
	[ -e "$1/complete" ] && [ ! "$0" -nt "$1/programs" ] && [ ! "${BASH_SOURCE[0]}" -nt "$1/programs" ]
}

die() {
	say "$1"
	exit 1
}

say() { echo "$NAME: $1" >&2; }

# Uses the host's sources, keys and installed packages, but our own lists and archives, so that root is not needed.
own_apt() {
	apt-get -qq -o "Dir::State::lists=$cache/lists" -o "Dir::Cache=$cache/apt" -o Debug::NoLocking=1 \
		-o APT::Sandbox::User= -o APT::Install-Recommends=0 -o Acquire::Retries=3 "$@"
}

bring() { # current: a symbolic link to the folder of exactly this set of versions
	local current=$1 wanted target
	mkdir -p "$cache/lists/partial" "$cache/apt/archives/partial" "$cache/packages"
	say 'reading the package lists'
	own_apt update || die 'cannot read the package lists; see the lines above'
	wanted=$(own_apt -s --reinstall install "${PACKAGES[@]}" |
		sed -n 's/^Inst \([^ ]*\)\( \[[^]]*\]\)\{0,1\} (\([^ ]*\) .*/\1=\3/p' | sort) || die "$MISSING"
	target=$current-$(sha256sum <<<"$wanted" | cut -c 1-12)
	if [ ! -e "$target/complete" ]; then
		download "$wanted"
		unpack "$target" "$wanted"
		echo "$wanted" >"$target/complete"
	fi
	wrap "$target"
	ln -sfn "${target##*/}" "$current"
	find "$cache" -maxdepth 1 -name "${current##*/}-*" ! -name "${target##*/}" -exec rm -r {} +
	say "ready: $(wc -l <"$target/complete") packages, $(du -sh "$target" | cut -f 1)"
}

download() { # name=version lines
	local -a wanted
	mapfile -t wanted <<<"$1"
	say "downloading ${#wanted[@]} packages"
	(cd "$cache/packages" && own_apt download "${wanted[@]}") || die 'cannot download a package; see the lines above'
}

unpack() { # target, name=version lines
	local target=$1 name version archive
	say 'unpacking'
	rm -rf "$target"
	mkdir -p "$target"/usr/{bin,sbin,lib,lib64}
	# a merged /usr, as the distribution has it; tar must follow these links and not replace them
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$target"
	while IFS='=' read -r name version; do
		# a file name cannot hold the colon of an epoch
		archive=$(find "$cache/packages" -name "${name}_${version//:/%3a}_*.deb" -print -quit)
		dpkg-deb --fsys-tarfile "$archive" |
			tar -x -C "$target" --keep-directory-symlink --no-same-owner --no-same-permissions
	done <<<"$2"
}

wrap() { # target: wrappers that run the programs with the unpacked libraries
	local target=$1 program libraries search folder
	libraries=\$here/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || multiarch_of_host)
	search=$libraries
	for folder in "${LIBRARIES[@]}"; do
		search+=:$libraries/$folder
	done
	rm -rf "$target/programs"
	mkdir "$target/programs"
	if declare -F prepare >/dev/null; then
		prepare "$target"
	fi
	for program in "${PROGRAMS[@]}"; do
		[ -x "$target/${program#*:}" ] || die "the package has no /${program#*:}; is this distribution supported?"
		cat >"$target/programs/${program%%:*}" <<-WRAPPER
			#!/bin/sh
			here=\$(cd "\$(dirname "\$0")/.." && pwd)
			${SETTINGS:-} LD_LIBRARY_PATH=$search:\$here/usr/lib/systemd \\
				exec "\$here/${program#*:}" "\$@"
		WRAPPER
		chmod 755 "$target/programs/${program%%:*}"
	done
}

# dpkg-architecture comes with the compilers; without it, use the name of the folder that has this host's libraries
multiarch_of_host() { find /usr/lib -maxdepth 1 -name '*-linux-gnu*' -printf '%f\n' -quit; }
