package transfer

import (
	"context"
	"regexp"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// findRecords gives each row of a batch the record that it is about, where there is one.
func (r *pass) findRecords(ctx context.Context, batch []*line) error {
	switch r.plan.match {
	case "":
		return nil
	case idColumn:
		return r.findByID(ctx, batch)
	}
	var keys []any
	for _, l := range batch {
		if l.key != nil && l.wrong.IsEmpty() {
			keys = append(keys, l.key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	where := &schema.Condition{Op: "in", Field: []string{r.plan.match}, Value: keys}
	found := map[any][]*collections.Document{}
	request := collections.ListRequest{Where: where, Limit: 1000}
	for {
		page, err := r.engine.List(ctx, r.who, r.to.Name, request)
		if err != nil {
			return err
		}
		for _, d := range page.Documents {
			key := d.Value[r.plan.match]
			found[key] = append(found[key], d)
		}
		if request.After = page.Next; page.Next == "" {
			break
		}
	}
	for _, l := range batch {
		switch there := found[l.key]; {
		case l.key == nil || len(there) == 0:
		case len(there) > 1:
			l.refuse(r.heading(r.plan.match), schema.Says("%d records have this: mend them first, so that it is one.", len(there)))
		default:
			l.record = there[0]
		}
	}
	return nil
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func (r *pass) findByID(ctx context.Context, batch []*line) error {
	for _, l := range batch {
		id, has := l.key.(string)
		if !has || !l.wrong.IsEmpty() {
			continue
		}
		if !uuid.MatchString(id) {
			l.refuse(r.heading(idColumn), schema.Says("This is no id of a record: leave it empty to make a new one."))
			continue
		}
		d, err := r.engine.Get(ctx, r.who, r.to.Name, id)
		if err != nil && !ui.IsNotFound(err) {
			return err
		}
		if err == nil {
			l.record = d
		}
	}
	return nil
}

// heading is the name of the column for a field.
func (r *pass) heading(key string) string {
	for i, k := range r.plan.keys {
		if k == key {
			return r.table.columns[i]
		}
	}
	return key
}
