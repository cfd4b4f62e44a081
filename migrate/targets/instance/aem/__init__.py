"""What AEM has beside the configurations and the Smart Content Service needs, as read from a running instance.

`cloud` reads the legacy cloud service pages, `keys` the service user's key store, `validators` the token validators,
`workflows` the models, `assets` a training folder, `jmx` makes the one call of Adobe's page. Each gives data; what is
right and what is wrong, `migrate/plans/validation` says. Nodes are read level by level, which Sling never cuts short.
"""
