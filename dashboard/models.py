"""What the region remembers. The recorder writes what kiosks say; web workers write accounts, commands and audit.

Moments are milliseconds since 1970. `received_ms`, `seen_ms` and their like are by the region's clock, `ts_ms`
by the kiosk's, which may be wrong.
"""

from django.conf import settings
from django.db import models


class Kiosk(models.Model):
    """One library's kiosk: the last that it said of itself.

    `info`, `state` and `telemetry` are the contract's structs as JSON, '' while never heard. `broker`: at which it
    was online last.
    """

    id = models.CharField(primary_key=True, max_length=64)
    library = models.TextField(default="")
    info = models.TextField(default="")
    journal = models.CharField(max_length=64, default="")
    online = models.BooleanField(null=True)
    online_session = models.BigIntegerField(default=0)
    online_connection = models.BigIntegerField(default=0)
    broker = models.TextField(default="")
    online_reason = models.TextField(default="")
    online_since_ms = models.BigIntegerField(null=True)
    state = models.TextField(default="")
    telemetry = models.TextField(default="")
    telemetry_ms = models.BigIntegerField(null=True)
    seen_ms = models.BigIntegerField(null=True)


class Measured(models.Model):
    """What the printer and the link to it measured."""

    nozzle_c = models.FloatField(null=True)
    nozzle_target_c = models.FloatField(null=True)
    bed_c = models.FloatField(null=True)
    bed_target_c = models.FloatField(null=True)
    done = models.FloatField(null=True)
    lines_per_s = models.FloatField()
    resends = models.BigIntegerField()
    round_trip_p50_ms = models.FloatField(null=True)
    round_trip_p99_ms = models.FloatField(null=True)

    class Meta:
        abstract = True


class Telemetry(Measured):
    """One raw sample, kept for a week (`recorder.retention`). A batch that is written once more adds none."""

    kiosk = models.ForeignKey(Kiosk, models.CASCADE, related_name="+", db_index=False)
    received_ms = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kiosk", "received_ms"), name="one_sample_at_a_time"),)


class TelemetryMinute(Measured):
    """`samples` of one minute, kept for a year: means, and the highest of targets, `resends` and p99."""

    kiosk = models.ForeignKey(Kiosk, models.CASCADE, related_name="+", db_index=False)
    minute_ms = models.BigIntegerField(db_index=True)
    samples = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kiosk", "minute_ms"), name="one_row_per_minute"),)


class Alert(models.Model):
    """Something that needs, or needed, a hand. Open while `cleared_ms` is null."""

    kiosk = models.ForeignKey(Kiosk, models.CASCADE)
    alert = models.CharField(max_length=64)
    code = models.CharField(max_length=32)
    severity = models.CharField(max_length=16)
    since_ms = models.BigIntegerField()
    cleared_ms = models.BigIntegerField(null=True)
    job = models.CharField(max_length=64, default="")
    fault = models.CharField(max_length=32, default="")
    detail = models.TextField(default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kiosk", "alert"), name="one_row_per_alert"),)


class Event(models.Model):
    """One row of a kiosk's journal, exactly once. `payload` is the contract's Event as JSON."""

    kiosk = models.ForeignKey(Kiosk, models.CASCADE)
    journal = models.CharField(max_length=64)
    seq = models.BigIntegerField()
    ts_ms = models.BigIntegerField()
    received_ms = models.BigIntegerField()
    type = models.CharField(max_length=32)
    job = models.CharField(max_length=64, default="")
    payload = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kiosk", "journal", "seq"), name="an_event_once"),)
        indexes = (models.Index(fields=("type", "-ts_ms", "kiosk"), name="event_of_type"),)


class Cursor(models.Model):
    """How far a journal is recorded: all rows up to `seq`, dead letters included."""

    kiosk = models.ForeignKey(Kiosk, models.CASCADE)
    journal = models.CharField(max_length=64)
    seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kiosk", "journal"), name="one_cursor_per_journal"),)


class DeadLetter(models.Model):
    """An event that could not be read or stored: kept as it came, so that the journal goes on behind it."""

    kiosk = models.ForeignKey(Kiosk, models.CASCADE)
    journal = models.CharField(max_length=64)
    seq = models.BigIntegerField()
    received_ms = models.BigIntegerField()
    reason = models.TextField()
    payload = models.BinaryField()


class Job(models.Model):
    """A job as its last JOB_CHANGED told it. `finished_ms` is null until it has left the printer for good."""

    kiosk = models.ForeignKey(Kiosk, models.CASCADE)
    job = models.CharField(max_length=64)
    card = models.CharField(max_length=64)
    personal = models.BooleanField()
    state = models.CharField(max_length=32)
    estimate_s = models.FloatField()
    printed_s = models.FloatField()
    grams = models.FloatField()
    layers = models.BigIntegerField()
    submitted_ms = models.BigIntegerField()
    started_ms = models.BigIntegerField(null=True)
    finished_ms = models.BigIntegerField(null=True)
    ended_by = models.CharField(max_length=16, default="")
    fault = models.CharField(max_length=32, default="")
    fault_detail = models.TextField(default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kiosk", "job"), name="one_row_per_job"),)
        indexes = (
            models.Index(fields=("-finished_ms", "-id"), name="job_finished"),
            # Holds all that `figures.counting` reads: a year of a region is counted without touching the rows.
            models.Index(
                fields=(
                    *("kiosk", "finished_ms", "state", "started_ms", "personal"),
                    *("printed_s", "grams", "estimate_s", "card"),
                ),
                name="job_figures",
            ),
        )


class Command(models.Model):
    """What staff asked of a kiosk: the outbox that the recorder sends from, and what became of it.

    `step` is a `commands.Step`; `by` the account's name as the audit has it. `detail` is the kiosk's own wording.
    A web worker makes the row with its audit row in one transaction; only the recorder changes it.
    """

    id = models.CharField(primary_key=True, max_length=32)
    kiosk = models.ForeignKey(Kiosk, models.CASCADE)
    name = models.CharField(max_length=32)
    job = models.CharField(max_length=64, default="")
    card = models.CharField(max_length=64, default="")
    value = models.BooleanField(null=True)
    reason = models.CharField(max_length=32, default="")
    by = models.CharField(max_length=150)
    staff = models.CharField(max_length=64)
    asked_ms = models.BigIntegerField()
    expires_ms = models.BigIntegerField()
    step = models.CharField(max_length=16)
    step_ms = models.BigIntegerField()
    detail = models.TextField(default="")

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(fields=("step", "asked_ms"), name="command_step"),
            models.Index(fields=("kiosk", "-asked_ms"), name="command_of_kiosk"),
        )


class Audit(models.Model):
    """One thing that somebody did. `act` is an `audit.Act`, `about` JSON or ''."""

    at_ms = models.BigIntegerField()
    who = models.CharField(max_length=150)
    act = models.CharField(max_length=32)
    kiosk = models.CharField(max_length=64, default="")
    about = models.TextField(default="")


class Post(models.Model):
    """At which kiosk an account works; the kiosk may not have reported yet."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    kiosk = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "kiosk"), name="one_post_per_kiosk"),)


class MailWish(models.Model):
    """Where and when somebody wants to be told of troubles; no address: never. Hours are local ones.

    `address` has shown to be theirs. `asked` has not yet, '' for none; `asked_told`: the letter to it has gone.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    address = models.EmailField(blank=True, default="")
    asked = models.EmailField(blank=True, default="")
    asked_told = models.BooleanField(default=False)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    language = models.CharField(max_length=8, default="nl")

    class Meta:
        default_permissions = ()


class Notice(models.Model):
    """What somebody is to be told of a trouble, or was (`alerts.policy.Notice`), until nothing is left to say."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kiosk = models.CharField(max_length=64, blank=True)
    what = models.CharField(max_length=32)
    since_ms = models.BigIntegerField()
    detail = models.TextField(default="")
    told_ms = models.BigIntegerField(null=True)
    gone_ms = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("user", "kiosk", "what"), name="one_notice_per_trouble"),)


class Listening(models.Model):
    """The one row that says whether the recorder hears the region, and counts what it wrote.

    `changes` grows with every batch that a page may show; `alive_ms` is renewed every few seconds.
    """

    changes = models.BigIntegerField(default=0)
    connected = models.BooleanField(default=False)
    since_ms = models.BigIntegerField(default=0)
    alive_ms = models.BigIntegerField(default=0)


class SignInFailure(models.Model):
    """A refused sign-in, for the throttle. `key` is a keyed hash: what was typed is not kept."""

    key = models.CharField(max_length=64)
    at_ms = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("key", "at_ms"), name="failures_of_key"),)
