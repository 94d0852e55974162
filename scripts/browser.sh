#!/bin/bash
# Brings Chromium, to look at the site as a reader does. One that is installed (chromium, chromium-browser,
# google-chrome) is used as it is. On Debian the distribution's packages are unpacked, without installing anything:
# scripts/unpacked-packages.sh says how. Needs no root.
#
# Usage: scripts/browser.sh [--refresh]     (--refresh looks for newer versions)
# Prints the program's path; progress goes to standard error. A second call is instant.
set -euo pipefail
# shellcheck source=scripts/unpacked-packages.sh
. "$(dirname "$0")/unpacked-packages.sh"

NAME=browser
NEEDS='no Chromium or Chrome on the path, and no apt-get to bring one; install either'
# Ubuntu's chromium-browser only installs a snap, which cannot be unpacked; there is no package chromium
MISSING='the distribution has no package chromium (Ubuntu has it as a snap only); install Google Chrome or Chromium'
PACKAGES=(chromium fonts-dejavu-core)
LIBRARIES=(pulseaudio)
PROGRAMS=(chromium:usr/lib/chromium/chromium)
# shellcheck disable=SC2016 # the wrapper expands it
SETTINGS='FONTCONFIG_FILE=$here/fonts.conf'

# The fonts beside the browser, and no others: text is then as wide on every computer.
prepare() {
	cat >"$1/fonts.conf" <<-FONTS
		<?xml version="1.0"?>
		<fontconfig>
		  <dir>$1/usr/share/fonts</dir>
		  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
		  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
		  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
		  <cachedir>$1/font-cache</cachedir>
		</fontconfig>
	FONTS
}

# A snap's launcher answers on the path, too, but may lack the snap behind it: a browser is what says its version.
installed_browser() {
	local name
	for name in chromium chromium-browser google-chrome google-chrome-stable; do
		if "$name" --version >/dev/null 2>&1; then
			command -v "$name"
			return
		fi
	done
	return 1
}

if [ $# -gt 0 ] || ! installed_browser; then
	unpacked_packages "$@" | sed 's|/programs$|&/chromium|'
fi
