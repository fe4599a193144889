"""`python -m abmsim` does what `abmsim` does."""

from abmsim.cli import main

if __name__ == "__main__":
    main()
