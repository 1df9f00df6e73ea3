"""The supervisor: starts children, starts them again when they die, and stops them, each in its turn."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from doodle_cli.children import Child, ChildSpec, describe_exit
from doodle_cli.errors import StartError
from doodle_cli.home import Home, read_json, write_json
from doodle_cli.log_files import rotate_log
from doodle_cli.processes import find_session, kill_all, parse_process
from doodle_cli.restarts import Restart, plan_restart

POLL_SECONDS = 0.1


class Supervisor:
    """
    Looks after the children of one home.

    Used by the main thread only: the kernel ties a child to the thread that started it. What it says goes to the
    screen and, with the time, to the log `up`. Once a child has been started, nothing that the machine refuses ends
    the others: not a full disk, nor a lack of processes.
    """

    def __init__(self, home: Home, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            home: whose logs and notes it writes.
            say: shows a line.
            clock: seconds that only go forward.
        """
        self._home = home
        self._say = say
        self._clock = clock
        self._children: dict[str, Child] = {}
        self._refused: set[str] = set()

    def start(self, spec: ChildSpec) -> None:
        """Start a child and look after it from now on."""
        self._children[spec.name] = child = Child(spec, self._home.log_of(spec.name))
        child.start()
        self._note_processes()

    def run(self, spec: ChildSpec, pause: Callable[[], None]) -> None:
        """
        Run a child to its end.

        Args:
            spec: the child.
            pause: waits between two looks; if it raises, the child is stopped.

        Raises:
            StartError: it failed; the message holds its last words.
        """
        child = Child(spec, self._home.log_of(spec.name))
        child.start()
        try:
            while child.find_exit() is None:
                pause()
        finally:
            code = child.find_exit()
            self._stop_group([child], time.sleep)
        if code != 0:
            words = "\n".join(f"    {line}" for line in child.last_words())
            raise StartError(
                f"{spec.name} failed ({describe_exit(code or 0)}). The last lines of {child.log}:\n{words}"
            )

    def look_after(self) -> None:
        """See who died, say so, and start again who is due; called every POLL_SECONDS."""
        for child in self._children.values():
            code = child.find_exit()
            if code is not None:
                self._take_death(child, code)
            elif child.restart_at is not None and self._clock() >= child.restart_at:
                self._start_again(child)

    def send(self, name: str, message: signal.Signals) -> None:
        """Send a child a signal it does not die of; one that does not run now learns all anew when it starts."""
        child = self._children[name]
        if child.process and child.process.poll() is None:
            child.process.send_signal(message)

    def rotate_logs(self) -> None:
        """Keep the logs small."""
        for name in [*self._children, "up"]:
            log = self._home.log_of(name)
            with self._going_on(f"{log.name} cannot be moved aside"):
                rotate_log(log)

    def refuse_crash_loop(self) -> None:
        """
        Give up while the stack is still starting.

        Raises:
            StartError: a child has died again and again.
        """
        for child in self._children.values():
            if len(child.deaths) >= 3:
                raise StartError(f"{child.spec.name} does not start; its log is {child.log}.")

    def stop(self, groups: Sequence[Sequence[str]], pause: Callable[[float], object] = time.sleep) -> None:
        """
        Stop the children, group after group; who does not stop in time is killed.

        Args:
            groups: names; those of a group are stopped together. Who was never started is passed over.
            pause: waits some seconds.
        """
        for names in groups:
            self._stop_group([self._children.pop(name) for name in names if name in self._children], pause)
        self._note_processes()

    def _stop_group(self, group: Sequence[Child], pause: Callable[[float], object]) -> None:
        began = self._clock()
        for child in group:
            child.ask_to_stop()
        for child in group:
            while child.process and child.process.poll() is None:
                if self._clock() - began > child.spec.grace_seconds:
                    self._report(f"{child.spec.name} did not stop within {child.spec.grace_seconds:.0f} s; killed.")
                    child.process.kill()
                    child.process.wait()
                pause(0.02)
            child.bury()

    def _take_death(self, child: Child, code: int) -> None:
        if code == child.spec.rest_status:
            self._report(f"{child.spec.name} has ended, as it was asked to. The next `doodle up` starts it again.")
            child.bury()
            self._note_processes()
            return
        plan = self._plan_restart(child)
        self._report(f"{child.spec.name} died ({describe_exit(code)}). The last lines of {child.log}:")
        for line in child.last_words():
            self._report(f"    {line}")
        if plan.is_crash_loop:
            self._report(f"{child.spec.name} keeps dying: {plan.num_deaths} times within a minute. Its log says why.")
        self._report(f"{child.spec.name} is started again in {plan.delay_seconds:.2g} s.")
        child.bury()

    def _start_again(self, child: Child) -> None:
        try:
            child.start()
        except OSError as refused:
            delay = self._plan_restart(child).delay_seconds
            self._report(f"{child.spec.name} could not be started ({refused}). It is tried again in {delay:.2g} s.")
        else:
            self._note_processes()

    def _plan_restart(self, child: Child) -> Restart:
        """Note a death, or a start that failed; both are answered alike."""
        now = self._clock()
        child.deaths.append(now)
        plan = plan_restart(child.deaths, now)
        child.restart_at = now + plan.delay_seconds
        return plan

    def _report(self, text: str) -> None:
        self._show(text)
        log = self._home.log_of("up")
        with self._going_on(f"{log.name} cannot be written"), log.open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {text}\n")

    def _show(self, text: str) -> None:
        """Say something, if anybody can hear it: the output may be a file on the disk that is full."""
        with suppress(OSError):
            self._say(text)

    def _note_processes(self) -> None:
        identities = [child.identity for child in self._children.values() if child.identity]
        with self._going_on(f"{self._home.processes.name} cannot be written"):
            write_json(self._home.processes, [identity.as_json() for identity in identities])

    @contextmanager
    def _going_on(self, words: str) -> Iterator[None]:
        """
        Do what nobody has to stop for where the machine refuses it.

        Args:
            words: what is shown then; once, until it is done again.
        """
        try:
            yield
        except OSError as refused:
            if words not in self._refused:
                self._show(f"! {words}; everything goes on: {refused}")
            self._refused.add(words)
        else:
            self._refused.discard(words)


def end_leftovers(notes: Path, attempts: int = 250, pause: Callable[[float], object] = time.sleep) -> None:
    """
    See to it that nothing of an earlier `up` runs any more: one that was killed.

    The kernel has asked its children to stop; who has not after some seconds is killed.

    Args:
        notes: the home's list of processes; the home must be held.
        attempts: how often to look, before killing.
        pause: waits some seconds.
    """
    content = read_json(notes)
    leaders = [parse_process(each) for each in content] if isinstance(content, list) else []
    for _ in range(attempts):
        if not any(find_session(leader) for leader in leaders if leader):
            return
        pause(0.02)
    kill_all([pid for leader in leaders if leader for pid in find_session(leader)])
