package transfer_test

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/sheets"
)

// table reads an exported file.
func table(t *testing.T, file string) (columns []string, rows [][]string) {
	t.Helper()
	book, err := sheets.Open(strings.NewReader(file), int64(len(file)), sheets.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	in, err := book.Table("")
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := in.Next()
		if err == io.EOF {
			return in.Columns, rows
		}
		if err != nil || row.Fault != nil {
			t.Fatal(err, row.Fault)
		}
		var line []string
		for _, cell := range row.Cells {
			line = append(line, cell.Text)
		}
		rows = append(rows, line)
	}
}

func TestExport(t *testing.T) {
	w := admintest.NewWorld(t)
	first := w.Create("order", map[string]any{"title": "=1+1", "status": "open", "hours": 2.5, "price": -3.0, "due": "2026-11-30", "urgent": true, "tags": []any{"a", "b"},
		"parts": []any{map[string]any{"name": "Bolt", "qty": 2.0}}, "assignee": "wim"})
	second := w.Create("order", map[string]any{"title": "Pump", "status": "done", "notes": "two\nlines, \"quoted\""})
	eve := w.As("eve")

	page := eve.Get("/admin/types/order/records/export").Want(200)
	page.Says("h1", "Export Work order")
	page.Count("[name=which]", 0)

	heads := []string{"Title", "Status", "Assignee", "Hours", "Price", "Due", "Urgent", "Manual", "Notes", "Tags", "Parts"}
	file := eve.Get("/admin/types/order/records/export/file?format=csv&with=id").Want(200)
	if got := file.Header.Get("Content-Disposition"); !strings.HasPrefix(got, `attachment; filename="order-20`) || !strings.HasSuffix(got, `.csv"`) {
		t.Error(got)
	}
	columns, rows := table(t, file.Body)
	if diff := cmp.Diff(append(heads, "_id"), columns); diff != "" {
		t.Error(diff)
	}
	want := [][]string{
		{"=1+1", "open", "wim", "2.5", "-3", "2026-11-30", "true", "", "", "a; b", `[{"name":"Bolt","qty":2}]`, first},
		{"Pump", "done", "", "", "", "", "", "", "two\nlines, \"quoted\"", "", "", second},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(file.Body, "'=1+1") || !strings.Contains(file.Body, ",-3,") {
		t.Error(file.Body)
	}

	columns, rows = table(t, eve.Get("/admin/types/order/records/export/file?format=xlsx").Want(200).Body)
	if diff := cmp.Diff(heads, columns); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want[0][:11], rows[0]); diff != "" {
		t.Error(diff)
	}

	var values []map[string]any
	text := eve.Get("/admin/types/order/records/export/file?format=json&with=id&with=when").Want(200).Body
	if err := json.NewDecoder(bytes.NewReader([]byte(text))).Decode(&values); err != nil || len(values) != 2 {
		t.Fatal(err, text)
	}
	if values[0]["_id"] != first || values[0]["_createdBy"] != "system" || !cmp.Equal(values[0]["tags"], []any{"a", "b"}) || values[1]["hours"] != nil {
		t.Error(text)
	}
}

// TestExport_OneDoor: who does not see a record or a field does not get it in a file.
func TestExport_OneDoor(t *testing.T) {
	w := admintest.NewWorld(t)
	w.Create("order", map[string]any{"title": "his", "assignee": "wim", "price": 7.0})
	w.Create("order", map[string]any{"title": "hers", "assignee": "eve", "price": 8.0})
	wim := w.As("wim")
	columns, rows := table(t, wim.Get("/admin/types/order/records/export/file?format=csv").Want(200).Body)
	if len(rows) != 1 || rows[0][0] != "his" || strings.Contains(strings.Join(columns, " "), "Price") {
		t.Error(columns, rows)
	}
	wim.Get("/admin/types/order/records/export/file?format=csv&state=trash").Want(403)
	wim.Get(`/admin/types/order/records/export/file?format=csv&where={"field":"price","above":1}`).Want(400)
	w.Guest().Get("/admin/types/order/records/export/file?format=csv").Want(303)
}

// TestExport_Listed: the list's search, filter, order and state carry over.
func TestExport_Listed(t *testing.T) {
	w := admintest.NewWorld(t)
	for _, title := range []string{"Pump A", "Fan", "Pump B"} {
		w.Create("order", map[string]any{"title": title, "hours": float64(len(title))})
	}
	eve := w.As("eve")
	query := `search=pump&sort=-title&where=%7B%22field%22%3A%22hours%22%2C%22above%22%3A1%7D`
	page := eve.Get("/admin/types/order/records/export?" + query).Want(200)
	page.Count("[name=which]", 2)
	page.Holds("sort", "-title")
	titles := func(query string) (list []string) {
		_, rows := table(t, eve.Get("/admin/types/order/records/export/file?format=csv&"+query).Want(200).Body)
		for _, row := range rows {
			list = append(list, row[0])
		}
		return list
	}
	if diff := cmp.Diff([]string{"Pump B", "Pump A"}, titles(query)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Pump A", "Fan", "Pump B"}, titles(query+"&which=all")); diff != "" {
		t.Error(diff)
	}
	eve.Get("/admin/types/order/records/export/file?format=pdf").Want(400)
	eve.Get("/admin/types/order/records/export/file?format=csv&state=lost").Want(400)
	eve.Get("/admin/types/order/records/export/file?format=csv&where=no").Want(400)
}

// TestExport_FieldsOfAllVersions: a field that is gone has its column while a record
// holds it, and two fields of one label are told apart.
func TestExport_FieldsOfAllVersions(t *testing.T) {
	w := admintest.NewWorld(t)
	w.Publish("pump", `{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Pump","type":"object","properties":{"name":{"type":"string","title":"Name"},"old":{"type":"number","title":"Flow"},"never":{"type":"string"}}}`)
	w.Create("pump", map[string]any{"name": "P-1", "old": 2.5})
	w.Publish("pump", `{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Pump","type":"object","properties":{"name":{"type":"string","title":"Name"},"flow":{"type":"number","title":"Flow"}}}`)
	w.Create("pump", map[string]any{"name": "P-2", "flow": 3.0})
	columns, rows := table(t, w.As("eve").Get("/admin/types/pump/records/export/file?format=csv").Want(200).Body)
	if diff := cmp.Diff([]string{"Name", "Flow (flow)", "Flow (old)"}, columns); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{{"P-1", "", "2.5"}, {"P-2", "3", ""}}, rows); diff != "" {
		t.Error(diff)
	}
}
