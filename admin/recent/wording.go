package recent

import (
	"context"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

// title is what a job is called.
func title(ctx context.Context, report jobs.Report) string {
	if report.Kind == jobs.Undo {
		return words.Say(ctx, "Undo: %s", report.Title)
	}
	return report.Title
}

// kindText names the sort of a job.
func kindText(ctx context.Context, k jobs.Kind) string {
	switch k {
	case jobs.Import:
		return words.Say(ctx, "Import")
	case jobs.Undo:
		return words.Say(ctx, "Undoing")
	case jobs.Check:
		return words.Say(ctx, "Check")
	case jobs.Look:
		return words.Say(ctx, "Look through the records")
	}
	return words.Say(ctx, "Edit of many records")
}

// doing says what is under way.
func doing(ctx context.Context, k jobs.Kind) string {
	switch k {
	case jobs.Import:
		return words.Say(ctx, "Importing")
	case jobs.Undo:
		return words.Say(ctx, "Undoing it")
	case jobs.Check:
		return words.Say(ctx, "Checking the rows")
	case jobs.Look:
		return words.Say(ctx, "Looking through the records")
	case jobs.Delete:
		return words.Say(ctx, "Putting the records into the trash")
	}
	return words.Say(ctx, "Editing the records")
}

// stateText says how a job stands, in a word or two.
func stateText(ctx context.Context, report jobs.Report) string {
	switch {
	case report.State == jobs.Running:
		return words.Say(ctx, "under way")
	case report.State == jobs.Interrupted:
		return words.Say(ctx, "interrupted by a stop of the server")
	case report.State == jobs.Cancelled:
		return words.Say(ctx, "stopped")
	case report.State == jobs.Failed:
		return words.Say(ctx, "failed")
	case report.Undoing != "":
		return words.Say(ctx, "undone")
	}
	return words.Say(ctx, "%d records", report.Outcome.Wrote())
}

// wrongText says why a job did not come to its end, "" where it did.
func wrongText(ctx context.Context, report jobs.Report) string {
	switch report.State {
	case jobs.Failed:
		return report.Wrong
	case jobs.Cancelled:
		return words.Say(ctx, "Stopped: what was done until then is done.")
	case jobs.Interrupted:
		if report.Kind == jobs.Undo {
			return words.Say(ctx, "The server stopped while this was under way, after %d of %d. Undo it again: that goes on where this was, and does nothing twice.", report.Did, report.Total)
		}
		return words.Say(ctx, "The server stopped while this was under way, after %d of %d. What was done until then is done: undo it before you do it again, so that nothing is there twice.", report.Did, report.Total)
	}
	return ""
}

// counts are the records by what became of them. Those of an import are all there, of
// the others only those that are not zero.
func counts(ctx context.Context, report jobs.Report) []templates.Tally {
	o := report.Outcome
	if report.Kind == jobs.Import {
		return ImportCounts(ctx, o.Made, o.Changed, o.Same, o.Refused)
	}
	var list []templates.Tally
	add := func(n int, text string, tone templates.TallyTone) {
		if n > 0 {
			list = append(list, templates.Tally{N: n, Text: text, Tone: tone})
		}
	}
	if report.Kind == jobs.Undo {
		add(o.Values, words.Say(ctx, "values put back"), templates.TallyGood)
		add(o.Restored, words.Say(ctx, "out of the trash"), templates.TallyGood)
	} else {
		add(o.Changed, words.Say(ctx, "changed"), templates.TallyGood)
	}
	add(o.Removed, words.Say(ctx, "put into the trash"), templates.TallyGood)
	add(o.Same, words.Say(ctx, "were so already"), templates.TallyPlain)
	add(o.Refused, words.Say(ctx, "left as they are"), templates.TallyBad)
	if len(list) == 0 {
		list = append(list, templates.Tally{N: 0, Text: words.Say(ctx, "changed"), Tone: templates.TallyPlain})
	}
	return list
}

// ImportCounts are the rows of an import by what became, or would become, of them.
func ImportCounts(ctx context.Context, made, changed, same, wrong int) []templates.Tally {
	return []templates.Tally{
		{N: made, Text: words.Say(ctx, "new"), Tone: templates.TallyGood},
		{N: changed, Text: words.Say(ctx, "changed"), Tone: templates.TallyGood},
		{N: same, Text: words.Say(ctx, "the same already"), Tone: templates.TallyPlain},
		{N: wrong, Text: words.Say(ctx, "do not fit"), Tone: templates.TallyBad},
	}
}
