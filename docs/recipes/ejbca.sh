#!/bin/sh
# EJBCA's External Command Certificate Validator: exit status 0 lets the certificate be issued, any other refuses it.
# The certificate comes as a file, which is the first argument, or on standard input where the command has %cert%.
# What issued it is not handed over, so it is named here.
issuers=${FINESSE_CERTLINT_ISSUERS:-/etc/finesse-certlint/issuers.pem}
exec finesse-certlint lint --format lines --allow-undetermined "${1:--}" "$issuers"
