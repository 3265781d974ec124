from collections.abc import Callable

import pytest
from command_outcome import Outcome

from graphwatch.cli.main import main


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run the command line as a user does; its exit status, standard output and standard error."""

    def call(*words: object) -> Outcome:
        with pytest.raises(SystemExit) as stopped:
            main([str(w) for w in words])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Outcome(int(stopped.value.code or 0), said.out, said.err)

    return call
