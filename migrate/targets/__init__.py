"""What is read: folders, files, content packages, running instances; their names, their walk, their bytes. No writing.

`base` says what a target is, `opening` finds it from what the user typed. Inner rooms: package/ (zip files), vault/
(filter.xml and its kin), instance/ (a running AEM).
"""
