package schema_test

import (
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/schema"
)

// benchRecord is a record of the size that people fill in.
func benchRecord() map[string]any {
	return map[string]any{
		"title": "Replace seal on feed pump 7", "status": "open", "assignee": "kim", "hours": 3.5, "urgent": true,
		"tags": []any{"pump", "hydraulics"}, "due": "2024-05-27",
		"address":     map[string]any{"city": "Zürich", "street": "Langstrasse 12"},
		"description": strings.Repeat("The seal leaks when the pump starts cold; oil on the floor near the Übergabestation. ", 12),
	}
}

func BenchmarkMatch(b *testing.B) {
	for name, text := range map[string]string{
		"one":      `{"field":"status","is":"open"}`,
		"view":     `{"all":[{"field":"assignee","is":"kim"},{"field":"status","not":"done"},{"field":"hours","above":2}]}`,
		"in20":     `{"field":"status","in":["a","b","c","d","e","f","g","h","i","j","k","l","m","n","o","p","q","r","s","open"]}`,
		"nested":   `{"field":"address.city","is":"Zürich"}`,
		"contains": `{"field":"title","contains":"pump"}`,
		"longtext": `{"field":"description","contains":"übergabe"}`,
	} {
		c, value := mustParse(b, []byte(text)), benchRecord()
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !c.Match(value) {
					b.Fatal("no match")
				}
			}
		})
	}
}

func BenchmarkParseCondition(b *testing.B) {
	text := []byte(`{"all":[{"field":"assignee","is":"$me"},{"field":"status","not":"done"},{"field":"hours","above":2}]}`)
	b.ReportAllocs()
	for b.Loop() {
		mustParse(b, text)
	}
}

func BenchmarkWords(b *testing.B) {
	value := benchRecord()
	for name, v := range map[string]any{"record": value, "ascii": value["title"], "accents": value["description"]} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if len(schema.Words(v)) == 0 {
					b.Fatal("no words")
				}
			}
		})
	}
}

func BenchmarkConvert(b *testing.B) {
	columns, rows := readTable(b, sharedData(b, "csv/nyc-311-2024.csv"))
	s, _ := mustInfer(b, columns, rows)
	keys := make([]string, len(columns))
	for i, name := range columns {
		keys[i], _ = s.Column(name)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() { // a row of 47 cells, there and back
		row := rows[i%len(rows)]
		i++
		for k, name := range columns {
			v, _, err := s.Convert(keys[k], row[name].(string))
			if err != nil || s.Cell(keys[k], v) != row[name] {
				b.Fatal(name, err)
			}
		}
	}
}

func BenchmarkInfer(b *testing.B) {
	columns, rows := readTable(b, sharedData(b, "csv/nyc-311-2024.csv"))
	b.ReportAllocs()
	for b.Loop() { // 1,000 rows of 47 columns
		if _, _, err := schema.Infer("Requests", columns, rows); err != nil {
			b.Fatal(err)
		}
	}
}
