#!/bin/sh
# Makes the certificates that tests/support/fake-upstream.ts serves. They are test fixtures and
# prove nothing to anybody: the keys are public by being here. Run again only to change them.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

key "$work/ca.key"
openssl req -x509 -new -key "$work/ca.key" -subj "/CN=Gatewatch test authority" -days 36500 -out ca.pem

: >"$work/index.txt"
cat >"$work/ca.cnf" <<CNF
[ca]
default_ca = d
[d]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = p
copy_extensions = copy
unique_subject = no
[p]
commonName = supplied
CNF

# name, subject alternative names, not before, not after
issue() {
  key "$1.key"
  openssl req -new -key "$1.key" -subj "/CN=$1.test" -addext "subjectAltName=$2" -out "$work/$1.csr"
  openssl ca -batch -notext -config "$work/ca.cnf" -cert ca.pem -keyfile "$work/ca.key" \
    -in "$work/$1.csr" -startdate "$3" -enddate "$4" -out "$1.pem"
}

issue valid "DNS:localhost,IP:127.0.0.1,IP:::1" 20240101000000Z 21240101000000Z
issue expired "DNS:localhost,IP:127.0.0.1,IP:::1" 20240101000000Z 20240201000000Z
issue wrong-name "DNS:elsewhere.test" 20240101000000Z 21240101000000Z

key self-signed.key
openssl req -x509 -new -key self-signed.key -subj "/CN=self-signed.test" \
  -addext "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1" -days 36500 -out self-signed.pem
