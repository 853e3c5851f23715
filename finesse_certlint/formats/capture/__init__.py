"""Captures: a file of packets to the TLS handshakes in it, read once from front to back in flat memory.

`source`, then `pcap` or `pcapng`: packets; `network`: TCP segments; `tcp`: what each side said; `..tls`: handshakes;
`reading`: all of them in a row.
"""
