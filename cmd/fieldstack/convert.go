package main

import (
	"maps"

	"github.com/fieldstack/fieldstack/crdt"
)

// convert turns every row into a value that the type accepts, or a reject.
func (i *importer) convert() {
	for n := range i.file.records {
		r := &i.file.records[n]
		value, reason := i.value(r)
		if reason == "" {
			if problems := i.schema.Validate(value); len(problems) > 0 {
				reason = problems[0].Message.String()
			}
		}
		if reason != "" {
			i.rejects = append(i.rejects, reject{r, reason})
			continue
		}
		i.good = append(i.good, row{r, value})
	}
}

// value gives the value that a row stands for, or the reason why there is none.
func (i *importer) value(r *record) (map[string]any, string) {
	if r.broken != "" {
		return nil, r.broken
	}
	if i.file.format == "jsonl" {
		return i.withoutNumbers(maps.Clone(r.fields)), ""
	}
	value := make(map[string]any, len(r.fields))
	for _, column := range i.file.columns {
		key, _ := i.schema.Column(column)
		v, present, err := i.schema.Convert(key, r.fields[column].(string))
		if err != nil {
			return nil, err.Error()
		}
		if present {
			value[key] = v
		}
	}
	return i.withoutNumbers(value), ""
}

// withoutNumbers takes out what only the server gives: an export has the numbers that
// records got where they came from, which other records may have here.
func (i *importer) withoutNumbers(value map[string]any) map[string]any {
	for _, f := range i.schema.Fields() {
		if f.Strategy != crdt.Serial || len(f.Path) > 1 {
			continue
		}
		if _, numbered := value[f.Path[0]]; numbered {
			delete(value, f.Path[0])
			i.renumbered++
		}
	}
	return value
}
