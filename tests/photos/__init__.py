"""Photographs of invented lab slips, and the examination of the photo reader on them."""
