"""Errors that a person can mend."""


class Mendable(Exception):
    """Something that a person can mend. Its text is one sentence: what is wrong, where, and what to do."""

    exit_status = 1


class Crossed(Mendable):
    """Two processes each waited for what the other had, and the database has undone the work of one: to be done anew."""


class BadSetting(Mendable):
    """A setting, or another thing given at the start, cannot be used."""

    exit_status = 2
