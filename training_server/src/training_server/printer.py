"""A training's progress on a terminal."""

from training_server.progress import Progress, SilentObserver


class EpochPrinter(SilentObserver):
    """Prints a line an epoch; never asks to stop."""

    def report(self, progress: Progress) -> None:
        """Print the progress at an epoch's end."""
        if progress.step * progress.num_epochs == progress.epoch * progress.num_steps:
            print(
                f"epoch {progress.epoch}/{progress.num_epochs}  loss {progress.loss:.4f}  "
                f"accuracy {progress.accuracy:.4f}  {progress.eta_seconds or 0:.0f} s left",
                flush=True,
            )
