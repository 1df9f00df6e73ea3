/** A clock that moves only when it is told to. */

interface Alarm {
  at: number;
  everySeconds: number | undefined;
  callback: () => void;
}

export class FakeClock {
  private now = 0;
  private alarms: Alarm[] = [];

  readonly later = (seconds: number, callback: () => void): void => {
    this.alarms.push({ at: this.now + seconds, everySeconds: undefined, callback });
  };

  readonly every = (seconds: number, callback: () => void): (() => void) => {
    const alarm: Alarm = { at: this.now + seconds, everySeconds: seconds, callback };
    this.alarms.push(alarm);
    return () => {
      this.alarms = this.alarms.filter((other) => other !== alarm);
    };
  };

  /** Since it was made. */
  get seconds(): number {
    return this.now;
  }

  /** Seconds until each alarm, soonest first. */
  get pending(): number[] {
    return this.alarms.map(({ at }) => at - this.now).sort((one, other) => one - other);
  }

  /** Let time pass and every alarm in it ring. */
  pass(seconds: number): void {
    const end = this.now + seconds;
    for (let next = this.takeDue(end); next; next = this.takeDue(end)) next.callback();
    this.now = end;
  }

  private takeDue(end: number): Alarm | undefined {
    const due = this.alarms.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
    if (!due) return undefined;
    this.now = due.at;
    if (due.everySeconds === undefined) this.alarms = this.alarms.filter((alarm) => alarm !== due);
    else due.at += due.everySeconds;
    return due;
  }
}
