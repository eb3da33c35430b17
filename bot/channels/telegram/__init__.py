"""The Telegram channel.

`channel.telegram(options)` connects it; what it yields is given to delivery, its `jobs` run beside the rest, and its
`routes` go into the web server. `options` is apart, because it is quick to import.
"""
