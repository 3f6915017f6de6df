"""Code that agents write and run: what a block makes is kept in `coding/`."""

from pathlib import Path

from switchboard.toolsets.built_in.code import code_runner

run_python = code_runner(Path(__file__).parent.parent / "coding")
