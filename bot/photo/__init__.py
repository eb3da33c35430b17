"""Reading photographs of laboratory slips: from the bytes of a picture to rows, each with what is doubtful about it.

Runs in a process of its own (`worker.py`), on this machine alone; keeps and logs nothing. `reading.py` goes through
the steps: decode, set upright, find and read the print, lay it out in rows, look at each result again, doubt.
"""
