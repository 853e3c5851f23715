#!/bin/sh
# A helper for certmonger in front of another: certmonger.sh HELPER [ARGUMENT]...
# Whatever that helper answers is passed on; a certificate that it issued and that Finesse would refuse is rejected
# (exit status 2, the reason on standard output), so that certmonger does not install it.
issuers=${FINESSE_CERTLINT_ISSUERS:-/etc/finesse-certlint/issuers.pem}

answer=$("$@")
status=$?
case ${CERTMONGER_OPERATION:-SUBMIT} in
SUBMIT | POLL) ;;
*) printf '%s\n' "$answer"; exit "$status" ;;
esac
if [ "$status" -eq 0 ]; then
    reasons=$(printf '%s\n' "$answer" | finesse-certlint lint --format lines --allow-undetermined - "$issuers" 2>&1)
    if [ $? -ne 0 ]; then
        printf '%s\n' "$reasons"
        exit 2
    fi
fi
printf '%s\n' "$answer"
exit "$status"
