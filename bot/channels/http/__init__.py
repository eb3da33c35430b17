"""What every channel that is a web page shares: HTML, files, limits, streams and the server. No page is here."""
