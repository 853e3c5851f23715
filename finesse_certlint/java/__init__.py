"""How OpenJDK judges a server's certificates, release by release.

One room for each of Java's own: which certificates its CertificateFactory reads (`parse`), when two names are the same
(`names`), which paths PKIXValidator and SunCertPathBuilder try (`paths`), what java.security disables (`security`,
`algorithms`), name constraints, policies and usages (`constraints`), and HostnameChecker (`hostname`). What several of
them ask of sun.security.x509 and java.net has modules beside them: `general_names`, `uris`, `addresses`, `der`. Every
difference between releases is a field of a frozen value; `finesse_certlint.profiles.java` says which release has which.
"""
