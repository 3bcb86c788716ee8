package jobs

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates/words"
)

// Undo begins a job that undoes another of the same person's, and gives its id. Exists
// says that there is nothing to undo, or that it was undone already. told hears of the
// end of it, with what came of it.
func (r *Runner) Undo(ctx context.Context, who *auth.Identity, id string, told func(context.Context, Outcome)) (string, error) {
	report, rev, err := r.kept(ctx, who.Actor.User, id)
	if err != nil {
		return "", err
	}
	may, err := r.MayUndo(ctx, who.Actor.User, report)
	if err != nil {
		return "", err
	}
	if !may {
		return "", collections.Errorf(collections.Exists, "", "There is nothing to undo: it is under way, it was undone already, or it wrote nothing.")
	}
	j, err := r.admit(ctx, who, About{Kind: Undo, Type: report.Type, Title: report.Title, From: report.From}, id)
	if err != nil {
		return "", err
	}
	if err := r.claim(ctx, j, report, rev); err != nil {
		return "", err
	}
	r.launch(ctx, j, func(ctx context.Context, p *Progress) error {
		u := &undoing{Progress: p, of: report}
		err := u.run(ctx)
		told(context.WithoutCancel(ctx), p.Outcome())
		return err
	})
	return j.report.ID, nil
}

// claim notes that a job undoes another: whoever writes that first does it.
func (r *Runner) claim(ctx context.Context, j *job, of Report, rev uint64) error {
	of.Undoing = j.report.ID
	err := r.put(ctx, j.account, of, rev)
	if err == nil {
		return nil
	}
	r.release(j)
	if errors.Is(err, collections.ErrStale) {
		err = collections.Errorf(collections.Exists, "", "It is being undone already.")
	}
	return errors.Join(err, r.config.Items.DeleteItem(ctx, kindJob, keyOf(j.account, j.report.ID)))
}

// MayUndo reports whether a job of the account can be undone: it has ended, it wrote
// something, and no other job has undone it or is about to.
func (r *Runner) MayUndo(ctx context.Context, account string, report Report) (bool, error) {
	if !report.Kind.writes() || report.Kind == Undo || report.TooMuch || report.State == Running || report.Steps == 0 && report.State != Interrupted {
		return false, nil
	}
	if report.Undoing == "" {
		return true, nil
	}
	by, err := r.Find(ctx, account, report.Undoing)
	if ui.IsNotFound(err) {
		return false, nil
	}
	return by.State != Running && by.State != Done, err
}

// undoing undoes a job, page by page of its ledger.
type undoing struct {
	*Progress
	of     Report
	schema *schema.Schema
	actor  collections.Actor
}

func (u *undoing) run(ctx context.Context) error {
	u.Total(u.of.Steps)
	items := u.runner.config.Items
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := nextPage(ctx, items, u.of.ID)
		if err != nil || p == nil {
			return err
		}
		if u.actor, err = u.Actor(ctx); err != nil {
			return err
		}
		t, err := u.runner.config.Records.Type(ctx, u.actor, u.of.Type, 0)
		if err != nil {
			return err
		}
		u.schema = t.Schema
		// A page that was begun is undone to its end: only then it is known to be.
		if err := u.page(context.WithoutCancel(ctx), p); err != nil {
			return err
		}
		u.Did(len(p.Steps))
	}
}

// page undoes what is on a page, and removes the page.
func (u *undoing) page(ctx context.Context, p *page) error {
	docs, err := u.read(ctx, p)
	if err != nil {
		return err
	}
	u.settle(p, docs)
	var writes []collections.Write
	var about, restores []*collections.Document
	for _, steps := range p.records() {
		d := docs[steps[0].ID]
		switch w, what := u.back(ctx, p, steps, d); what {
		case toWrite:
			writes, about = append(writes, w), append(about, d)
		case toRestore:
			restores = append(restores, d)
		}
	}
	if err := u.begin(ctx, p, docs); err != nil {
		return err
	}
	if err := u.write(ctx, writes, about); err != nil {
		return err
	}
	u.restore(ctx, restores)
	return u.runner.config.Items.DeleteItem(ctx, kindLedger, p.key)
}

// read reads the records of a page; those that are gone are left out.
func (u *undoing) read(ctx context.Context, p *page) (map[string]*collections.Document, error) {
	docs := map[string]*collections.Document{}
	for _, steps := range p.records() {
		id := steps[0].ID
		d, err := u.runner.config.Records.Get(ctx, u.actor, u.of.Type, id)
		if err != nil && !ui.IsNotFound(err) {
			return nil, err
		}
		if err == nil {
			docs[id] = d
		}
	}
	return docs, nil
}

// settle strikes out what was about to be written when the job was broken off, and was
// not: its record is as it was seen then.
func (u *undoing) settle(p *page, docs map[string]*collections.Document) {
	if !p.Open {
		return
	}
	p.Open = false
	p.Steps = slices.DeleteFunc(p.Steps, func(s step) bool {
		d := docs[s.ID]
		return d == nil || s.Sort != made && d.Updated == s.Seen
	})
}

// begin notes on a page that it is about to be undone, and how its records are.
func (u *undoing) begin(ctx context.Context, p *page, docs map[string]*collections.Document) error {
	if p.Undoing {
		return nil // what was seen the first time counts
	}
	p.Undoing = true
	for i, s := range p.Steps {
		if d := docs[s.ID]; d != nil {
			p.Steps[i].Seen = d.Updated
		}
	}
	_, err := writePage(ctx, u.runner.config.Items, p)
	return err
}

// todo is what is to be done to undo the steps of a record.
type todo int

const (
	nothing todo = iota
	toWrite
	toRestore
)

// back says how to undo the steps of one record, and counts or tells of those that are
// left as they are.
func (u *undoing) back(ctx context.Context, p *page, steps []step, d *collections.Document) (collections.Write, todo) {
	first := steps[0]
	leave := func(why string) (collections.Write, todo) {
		told := Refusal{ID: first.ID, Name: show.Clip(first.ID, 8), Why: why}
		if d != nil {
			told.Name = ui.RecordName(ctx, u.schema, d)
		}
		u.Refuse(told)
		return collections.Write{}, nothing
	}
	switch {
	case p.Undoing && (d == nil || d.Updated != first.Seen):
		u.Same(1) // it was undone before that was broken off
	case first.Sort == removed && d != nil && d.Deleted:
		return collections.Write{}, toRestore
	case first.Sort == removed && d != nil, first.Sort == made && (d == nil || d.Deleted):
		u.Same(1)
	case d == nil:
		return leave(words.Say(ctx, "It is gone."))
	case d.Deleted:
		return leave(words.Say(ctx, "It is in the trash."))
	case first.Sort == made && !p.Undoing && touched(first, d):
		return leave(words.Say(ctx, "It was worked on since."))
	case first.Sort == made:
		return collections.Write{ID: d.ID, Remove: true}, toWrite
	default:
		return u.fields(ctx, steps, d)
	}
	return collections.Write{}, nothing
}

// touched reports whether somebody changed a record after it was made.
func touched(s step, d *collections.Document) bool {
	if s.Seen == 0 {
		return d.Updated != d.Created
	}
	return d.Updated != s.Seen
}

// fields undoes the changes of a record's fields, of those that can be.
func (u *undoing) fields(ctx context.Context, steps []step, d *collections.Document) (collections.Write, todo) {
	w := collections.Write{ID: d.ID, Modify: true, Value: map[string]any{}, From: map[string]any{}}
	for _, s := range steps {
		now := d.Value[s.Key]
		then, changed := u.of.Back.Undone(s.Before, s.After, now)
		if changed {
			u.Refuse(Refusal{ID: d.ID, Name: ui.RecordName(ctx, u.schema, d), Why: words.Say(ctx, "%s was changed since.", show.Label(u.schema, []string{s.Key}))})
			continue
		}
		if w.Value[s.Key] = then; now != nil {
			w.From[s.Key] = now
		}
	}
	if len(w.Value) == 0 {
		return w, nothing
	}
	return w, toWrite
}

// Undone gives what a field that holds now is to hold when a step that made after of
// before is undone; changed says that somebody changed it since, so that it is left.
func (w Way) Undone(before, after, now any) (then any, changed bool) {
	switch w.Deed {
	case AddedAmount:
		n, _ := now.(float64)
		amount, _ := w.Value.(float64)
		then = n - amount
	case AddedOne:
		then = without(now, w.Value)
	case TookOne:
		then = append(without(now, w.Value), w.Value)
	default:
		return before, !reflect.DeepEqual(now, after)
	}
	if list, is := then.([]any); is && len(list) == 0 && before == nil {
		then = nil
	}
	return then, reflect.DeepEqual(now, then)
}

func without(list, v any) []any {
	all, _ := list.([]any)
	return slices.DeleteFunc(slices.Clone(all), func(one any) bool { return reflect.DeepEqual(one, v) })
}

// write writes what undoes some records.
func (u *undoing) write(ctx context.Context, writes []collections.Write, about []*collections.Document) error {
	if len(writes) == 0 {
		return nil
	}
	results, err := u.runner.config.Records.WriteAll(ctx, u.actor, u.of.Type, writes)
	if err != nil {
		return err
	}
	for i, result := range results {
		switch {
		case result.Error != nil:
			u.Refuse(Refusal{ID: result.ID, Name: ui.RecordName(ctx, u.schema, about[i]), Why: show.Sentence(ctx, result.Error.Message)})
		case writes[i].Remove:
			u.note(func(r *Report) { r.Outcome.Removed++ })
		default:
			u.note(func(r *Report) { r.Outcome.Changed++; r.Outcome.Values += len(writes[i].Value) })
		}
	}
	return nil
}

// restore takes records out of the trash.
func (u *undoing) restore(ctx context.Context, docs []*collections.Document) {
	for _, d := range docs {
		if _, err := u.runner.config.Records.Restore(ctx, u.actor, d.Type, d.ID); err != nil {
			why := words.Say(ctx, "It could not be restored.")
			var known *collections.Error
			if errors.As(err, &known) {
				why = show.Sentence(ctx, known.Message)
			}
			u.Refuse(Refusal{ID: d.ID, Name: ui.RecordName(ctx, u.schema, d), Why: why})
			continue
		}
		u.note(func(r *Report) { r.Outcome.Restored++ })
	}
}
