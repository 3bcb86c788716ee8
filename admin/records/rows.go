package records

import (
	"context"
	"encoding/json"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/templates"
	shown "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

// rawBytes bounds the JSON of a value that travels within its cell, for the grid to
// begin editing with. What is larger is fetched when somebody edits it.
const rawBytes = 200

// rows makes the rows of records.
func (p *pages) rows(ctx context.Context, s *sight, docs []*collections.Document) []shown.Row {
	rows := make([]shown.Row, len(docs))
	for i, d := range docs {
		rows[i] = p.row(ctx, s, d)
	}
	return rows
}

func (p *pages) row(ctx context.Context, s *sight, d *collections.Document) shown.Row {
	row := shown.Row{
		ID: d.ID, Href: ui.RecordPath(d), Name: ui.RecordName(ctx, s.typ.Schema, d), Problem: rowProblem(ctx, d),
		Fixed: d.Deleted || !s.grant.Edit.Match(d.Value),
	}
	for _, c := range s.columns {
		row.Cells = append(row.Cells, p.cell(ctx, s, c, d))
	}
	return row
}

// cell shows what a record has in a column.
func (p *pages) cell(ctx context.Context, s *sight, c column, d *collections.Document) shown.Cell {
	if c.own {
		return shown.Cell{Value: p.ownValue(ctx, c.key, d)}
	}
	value, there := valueAt(d.Value, c.field.Path)
	cell := shown.Cell{Value: show.Cell(ctx, s.typ.Schema, c.field.Path, value)}
	if !there {
		cell.Raw = "null"
		return cell
	}
	if raw, err := json.Marshal(value); err == nil && len(raw) <= rawBytes {
		cell.Raw = string(raw)
	}
	return cell
}

func (p *pages) ownValue(ctx context.Context, key string, d *collections.Document) templates.Value {
	moment := func(ms int64) templates.Value {
		at := p.Moment(ctx, ms)
		return templates.Value{Kind: templates.ValueTime, Text: at.Text, At: at}
	}
	switch key {
	case ownUpdated:
		return moment(d.Updated)
	case ownCreated:
		return moment(d.Created)
	case ownUpdatedBy:
		return templates.Value{Kind: templates.ValueLine, Text: d.UpdatedBy}
	}
	return templates.Value{Kind: templates.ValueLine, Text: d.CreatedBy}
}

// valueAt finds what is at the end of a path of keys.
func valueAt(value map[string]any, path []string) (v any, there bool) {
	v = value
	for _, key := range path {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, there = object[key]; !there {
			return nil, false
		}
	}
	return v, true
}

// rowProblem says in a line what asks for attention. In the trash nothing does.
func rowProblem(ctx context.Context, d *collections.Document) string {
	switch {
	case d.Deleted:
		return ""
	case len(d.Problems) > 0:
		return show.Sentence(ctx, d.Problems[0].Message)
	case len(d.Disagreements) > 0:
		return words.Say(ctx, "People wrote different values, and nobody has picked one.")
	}
	return ""
}
