"""A stand-in for Adobe IMS on this machine: `slingshift sandbox`, the tests, rehearsals of failures.

`endpoint` has the answers without any network, `server` and `tls` bring them to a socket.
"""
