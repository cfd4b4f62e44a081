"""From a target to its plan: inventory, one folder's plan, what becomes of each file; and the scan.

Reads through targets/, decides with passes/; nothing here writes or prints. Inner rooms: checks/ (findings), vault/
(META-INF follows), instance/ (what a running instance adds), validation/ (whether one is as it should be).
"""
