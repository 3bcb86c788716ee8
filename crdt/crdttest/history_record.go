package crdttest

import "github.com/fieldstack/fieldstack/crdt"

// recorder writes down what an editor is told.
type recorder struct{ calls []Call }

func (r *recorder) note(c Call) error {
	r.calls = append(r.calls, c)
	return nil
}

func (r *recorder) Add(path []string, amount float64) error {
	return r.note(Call{Call: "add", Path: path, Value: written(amount)})
}

func (r *recorder) Delete() { _ = r.note(Call{Call: "delete"}) }

func (r *recorder) Exclude(path []string, value any) error {
	return r.note(Call{Call: "exclude", Path: path, Value: written(value)})
}

func (r *recorder) Include(path []string, value any) error {
	return r.note(Call{Call: "include", Path: path, Value: written(value)})
}

func (r *recorder) InsertRow(path []string, index int, value any) (crdt.Dot, error) {
	return crdt.Dot{}, r.note(Call{Call: "insertRow", Path: path, At: index, Value: written(value)})
}

func (r *recorder) MoveRow(path []string, row crdt.Dot, index int) error {
	return r.note(Call{Call: "moveRow", Path: path, Row: row.String(), At: index})
}

func (r *recorder) Pick(path []string, value any) error {
	return r.note(Call{Call: "pick", Path: path, Value: written(value)})
}

func (r *recorder) Put(path []string, value any) error {
	return r.note(Call{Call: "put", Path: path, Value: written(value)})
}

func (r *recorder) PutAll(value map[string]any) error {
	return r.note(Call{Call: "putAll", Value: written(value)})
}

func (r *recorder) Remove(path []string) error { return r.note(Call{Call: "remove", Path: path}) }

func (r *recorder) RemoveRow(path []string, row crdt.Dot) error {
	return r.note(Call{Call: "removeRow", Path: path, Row: row.String()})
}

func (r *recorder) Restore() { _ = r.note(Call{Call: "restore"}) }

func (r *recorder) Splice(path []string, at, n int, text string) error {
	return r.note(Call{Call: "splice", Path: path, At: at, N: n, Text: text})
}

func written(v any) []byte { return crdt.AppendValue(nil, v) }
