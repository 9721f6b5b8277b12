"""`python -m painting` is the command `painting`."""

from painting.cli import main

if __name__ == "__main__":
    main()
