package records

import (
	"context"
	"slices"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
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
		if ui.IsNotFound(err) {
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

// editRun is an edit of many records under way.
type editRun struct {
	*pages
	*jobs.Progress
	sight *sight
	edit  edit
}

// all does the edit to all records of a selection, some at a time.
func (r *editRun) all(ctx context.Context, sel selection) error {
	who, err := r.Actor(ctx)
	if err != nil {
		return err
	}
	typ := r.sight.typ.Name
	total, err := r.count(ctx, who, typ, sel)
	if err != nil {
		return err
	}
	r.Total(total)
	return r.each(ctx, who, typ, sel, func(docs []*collections.Document) (bool, error) {
		err := r.some(ctx, docs)
		r.Did(len(docs))
		return true, err
	})
}

// some does the edit to some records, in one batch.
func (r *editRun) some(ctx context.Context, docs []*collections.Document) error {
	var changes []jobs.Change
	for _, d := range docs {
		after, wrong := r.sight.after(ctx, r.edit, d)
		told := jobs.Refusal{ID: d.ID, Name: ui.RecordName(ctx, r.sight.typ.Schema, d), Why: wrong}
		switch {
		case wrong != "":
			r.Refuse(told)
		case r.edit.deed == deedDelete:
			changes = append(changes, jobs.Change{Write: collections.Write{ID: d.ID, Remove: true}, Was: d, Told: told})
		case len(after) == 0:
			r.Same(1)
		default:
			write := collections.Write{ID: d.ID, Value: after, From: fromOf(after, d.Value), Modify: true}
			changes = append(changes, jobs.Change{Write: write, Was: d, Told: told})
		}
	}
	_, err := r.Write(ctx, changes)
	return err
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
