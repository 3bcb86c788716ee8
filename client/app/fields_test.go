package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/fieldstack/fieldstack/schema"
)

var update = flag.Bool("update", false, "write the list of fields anew")

// TestEveryField keeps the fields that the tests of the form read those of the schema
// beside them, as a device gets them.
func TestEveryField(t *testing.T) {
	const list = "test/every-field.fields.json"
	text, err := os.ReadFile("test/every-field.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := schema.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	want.WriteString("[\n")
	for i, f := range s.Fields() {
		line, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			want.WriteString(",\n")
		}
		want.Write(line)
	}
	want.WriteString("\n]\n")
	if *update {
		if err := os.WriteFile(list, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is not what the schema gives: go test ./client/app -update", list)
	}
}
