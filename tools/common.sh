# What the commands of this folder share: finding Swift, installing what is missing on Debian.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\n\033[1m%s\033[0m\n' "$*" >&2; }

# install PACKAGE… : Debian packages that are not there yet, with root or sudo.
install() {
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "missing: ${missing[*]}; run 'apt-get install ${missing[*]}' as root, then again" >&2
            exit 2
        }
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

command -v swift >/dev/null || {
    echo "Swift 6.3 is not on the PATH; install it from swift.org, then run this again" >&2
    exit 2
}
install zlib1g-dev git
