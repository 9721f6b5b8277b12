#!/bin/sh
# Writes what the environment says into nginx's settings, and becomes nginx. Needs no rights and one writable folder.
#
#   PAINTING_BACKEND          where the API is, http://HOST[:PORT]           (http://backend:5000)
#   PAINTING_MAX_BODY_BYTES     bytes of a request's body that are passed on   (4194304)
#   PAINTING_TRUSTED_PROXIES  networks whose X-Forwarded-For is believed     (none)
#   PORT                      where to listen                                (8080)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
page=${PAINTING_PAGE:-$here/page}
state=${PAINTING_STATE:-/tmp/painting-page}
backend=${PAINTING_BACKEND:-http://backend:5000}
port=${PORT:-8080}
body=${PAINTING_MAX_BODY_BYTES:-4194304}
proxies=${PAINTING_TRUSTED_PROXIES:-}

refuse() {
    echo "error: $1" >&2
    exit 2
}

matches() { # TEXT PATTERN: the whole of a text, which is one line
    [ "$(printf %s "$1" | wc -l)" -eq 0 ] && printf %s "$1" | grep -Eqx "$2"
}

matches "$backend" 'http://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?/?' ||
    refuse "PAINTING_BACKEND must be http://HOST or http://HOST:PORT, not '$backend'"
matches "$port" '[0-9]{1,5}' || refuse "PORT must be a number, not '$port'"
matches "$body" '[0-9]{1,12}' || refuse "PAINTING_MAX_BODY_BYTES must be a number of bytes, not '$body'"
[ -z "$proxies" ] || matches "$proxies" '([0-9A-Fa-f:./]+[ ,]*)+' ||
    refuse "PAINTING_TRUSTED_PROXIES must be networks such as 10.0.0.0/8, not '$proxies'"

# nginx resolves names by DNS, not by /etc/hosts: a name that stands there is replaced by its address.
address=${backend#http://}
address=${address%/}
host=${address%:*}
case $address in "["*"]") host=$address ;; esac
known=$(awk -v host="$host" '!/^#/ { for (i = 2; i <= NF; i++) if ($i == host) { print $1; exit } }' /etc/hosts)
case $known in *:*) known="[$known]" ;; esac
address=${known:-$host}${address#"$host"}
servers=$(awk '$1 == "nameserver" { print ($2 ~ /:/ ? "[" $2 "]" : $2) }' /etc/resolv.conf | tr '\n' ' ')

mkdir -p "$state"
cp "$here/nginx.conf" "$state/nginx.conf"
{
    echo "root '$page';"
    echo "client_max_body_size $body;"
    echo "map \$host \$backend { default '$address'; }"
    # Asked again and again: a backend that starts anew may have another address.
    [ -z "$servers" ] || echo "resolver $servers valid=5s;"
    echo "resolver_timeout 3s;"
    echo "real_ip_header X-Forwarded-For;"
    echo "real_ip_recursive on;"
    for network in $(printf %s "$proxies" | tr ',' ' '); do
        echo "set_real_ip_from $network;"
    done
} >"$state/settings.conf"
{
    echo "listen $port;"
    [ ! -e /proc/net/if_inet6 ] || echo "listen [::]:$port;"
} >"$state/listen.conf"
exec nginx -p "$state/" -c "$state/nginx.conf" -e stderr -g 'daemon off;'
