"""Which of the files of a repository AEM takes for a PID, and the files of an instance.

Reads files through listing, which holds what `instances` has read; decides nothing itself: plans/precedence does.
Which node a file makes, says targets/nodes.
"""
