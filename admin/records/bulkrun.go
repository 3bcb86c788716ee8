package records

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"sync/atomic"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/templates/words"
)

// selection is which records an edit is for: those with these ids, or, with none, all
// that a list has.
type selection struct {
	ids     []string
	request collections.ListRequest // of the list, in the order of ids
}

// chunk is how many records are read and written at once.
const chunk = 200

// each calls f for the records of a selection, some at a time, until f fails or says no.
// A record that is gone is left out.
func (p *pages) each(ctx context.Context, who collections.Actor, typ string, sel selection, f func([]*collections.Document) (more bool, err error)) error {
	if sel.ids != nil {
		for ids := range slices.Chunk(sel.ids, chunk) {
			docs, err := p.documents(ctx, who, typ, ids)
			if err != nil {
				return err
			}
			if more, err := f(docs); err != nil || !more {
				return err
			}
		}
		return nil
	}
	request := sel.request
	// By id alone: what an edit changes moves no record over the place that was reached.
	request.Sort, request.Count, request.After, request.Limit = nil, false, "", chunk
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := p.asks.List(ctx, who, typ, request)
		if err != nil {
			return err
		}
		if more, err := f(page.Documents); err != nil || !more || page.Next == "" {
			return err
		}
		request.After = page.Next
	}
}

func (p *pages) documents(ctx context.Context, who collections.Actor, typ string, ids []string) ([]*collections.Document, error) {
	var docs []*collections.Document
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d, err := p.asks.Get(ctx, who, typ, id)
		if isGone(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		docs = append(docs, d)
	}
	return docs, nil
}

// count says how many records a selection has.
func (p *pages) count(ctx context.Context, who collections.Actor, typ string, sel selection) (int, error) {
	if sel.ids != nil {
		return len(sel.ids), nil
	}
	request := sel.request
	request.Sort, request.After, request.Count, request.Limit = nil, "", true, 1
	page, err := p.asks.List(ctx, who, typ, request)
	if err != nil {
		return 0, err
	}
	return page.Total, nil
}

// refusal is a record that an edit could not change.
type refusal struct{ ID, Name, Why string }

// mostTold is how many refusals are told one by one.
const mostTold = 100

// done is what came of an edit. The job that makes it is the only one to write it until
// it has ended.
type done struct {
	edit    edit
	sight   *sight
	Changed int
	Same    int // were so already
	Refused int
	Told    []refusal
	steps   []step
	undo    bool        // this was itself an undoing
	undone  atomic.Bool // somebody has begun to undo it
}

// step is one field that was written, and what it takes to put back what was.
type step struct {
	id, key       string
	before, after any // nil: nothing
}

func (r *done) refuse(id, name, why string) {
	r.Refused++
	if len(r.Told) < mostTold {
		r.Told = append(r.Told, refusal{id, name, why})
	}
}

// runEdit does an edit to all records of a selection.
func (p *pages) runEdit(ctx context.Context, progress *jobs.Progress, who collections.Actor, s *sight, e edit, sel selection) (*done, error) {
	result := &done{edit: e, sight: s}
	total, err := p.count(ctx, who, s.typ.Name, sel)
	if err != nil {
		return result, err
	}
	progress.Total(total)
	err = p.each(ctx, who, s.typ.Name, sel, func(docs []*collections.Document) (bool, error) {
		err := p.editSome(ctx, who, s, e, docs, result)
		progress.Did(len(docs))
		return true, err
	})
	return result, err
}

// editSome does an edit to some records, in one batch.
func (p *pages) editSome(ctx context.Context, who collections.Actor, s *sight, e edit, docs []*collections.Document, result *done) error {
	var writes []collections.Write
	var written []*collections.Document
	for _, d := range docs {
		after, wrong := s.after(ctx, e, d)
		switch {
		case wrong != "":
			result.refuse(d.ID, recordName(ctx, s, d), wrong)
			continue
		case e.deed == deedDelete:
			writes = append(writes, collections.Write{ID: d.ID, Remove: true})
		case len(after) == 0:
			result.Same++
			continue
		default:
			writes = append(writes, collections.Write{ID: d.ID, Value: after, From: fromOf(after, d.Value), Modify: true})
		}
		written = append(written, d)
	}
	if len(writes) == 0 {
		return nil
	}
	answers, err := p.asks.WriteAll(ctx, who, s.typ.Name, writes)
	if err != nil {
		return err
	}
	for i, answer := range answers {
		if answer.Error != nil {
			result.refuse(written[i].ID, recordName(ctx, s, written[i]), show.Sentence(ctx, answer.Error.Message))
			continue
		}
		result.Changed++
		result.keep(writes[i], written[i])
	}
	return nil
}

// keep keeps what it takes to undo a write.
func (r *done) keep(w collections.Write, was *collections.Document) {
	if w.Remove {
		r.steps = append(r.steps, step{id: was.ID})
		return
	}
	for _, key := range slices.Sorted(maps.Keys(w.Value)) {
		r.steps = append(r.steps, step{id: was.ID, key: key, before: was.Value[key], after: w.Value[key]})
	}
}

// fromOf is what the fields of a patch held.
func fromOf(patch, value map[string]any) map[string]any {
	from := map[string]any{}
	for key := range patch {
		if v, there := value[key]; there {
			from[key] = v
		}
	}
	return from
}

// runUndo puts back what an edit changed, where nobody has changed it since.
func (p *pages) runUndo(ctx context.Context, progress *jobs.Progress, who collections.Actor, of *done) (*done, error) {
	result := &done{edit: of.edit, sight: of.sight, undo: true}
	progress.Total(len(of.steps))
	for steps := range slices.Chunk(of.steps, chunk) {
		if err := p.undoSome(ctx, who, of, steps, result); err != nil {
			return result, err
		}
		progress.Did(len(steps))
	}
	return result, nil
}

func (p *pages) undoSome(ctx context.Context, who collections.Actor, of *done, steps []step, result *done) error {
	typ := of.sight.typ.Name
	var writes []collections.Write
	var names []string
	for _, back := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := p.asks.Get(ctx, who, typ, back.id)
		if isGone(err) {
			result.refuse(back.id, back.id, words.Say(ctx, "It is gone."))
			continue
		}
		if err != nil {
			return err
		}
		name := recordName(ctx, of.sight, d)
		if of.edit.deed == deedDelete {
			p.undoDelete(ctx, who, d, name, result)
			continue
		}
		now, then, same := back.undone(of.edit, d.Value)
		switch {
		case d.Deleted:
			result.refuse(d.ID, name, words.Say(ctx, "It is in the trash."))
		case same:
			result.refuse(d.ID, name, words.Say(ctx, "Somebody has changed it since."))
		default:
			from := map[string]any{}
			if now != nil {
				from[back.key] = now
			}
			writes, names = append(writes, collections.Write{ID: d.ID, Modify: true, Value: map[string]any{back.key: then}, From: from}), append(names, name)
		}
	}
	if len(writes) == 0 {
		return nil
	}
	answers, err := p.asks.WriteAll(ctx, who, typ, writes)
	if err != nil {
		return err
	}
	for i, answer := range answers {
		if answer.Error != nil {
			result.refuse(answer.ID, names[i], show.Sentence(ctx, answer.Error.Message))
		} else {
			result.Changed++
		}
	}
	return nil
}

// undone gives what a field holds now and what it holds when the step is undone. An
// amount that was added, and an element that was, can be taken back whatever others did;
// all else is left where somebody has changed it since.
func (b step) undone(e edit, value map[string]any) (now, then any, left bool) {
	now = value[b.key]
	opposite := edit{key: e.key, value: e.value}
	switch e.deed {
	case deedAmount:
		amount, _ := e.value.(float64)
		opposite.deed, opposite.value = deedAmount, -amount
	case deedAdd:
		opposite.deed = deedTake
	case deedTake:
		opposite.deed = deedAdd
	default:
		return now, b.before, !reflect.DeepEqual(now, b.after)
	}
	then = opposite.then(now)
	if list, is := then.([]any); is && len(list) == 0 && b.before == nil {
		then = nil
	}
	return now, then, reflect.DeepEqual(now, then)
}

func (p *pages) undoDelete(ctx context.Context, who collections.Actor, d *collections.Document, name string, result *done) {
	if !d.Deleted {
		result.Same++
		return
	}
	if _, err := p.asks.Restore(ctx, who, d.Type, d.ID); err != nil {
		why := words.Say(ctx, "It could not be restored.")
		if _, known, other := p.Mistake(err); other == nil {
			why = show.Sentence(ctx, known.Message)
		}
		result.refuse(d.ID, name, why)
		return
	}
	result.Changed++
}
