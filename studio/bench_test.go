package studio_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/studio/starters"
)

// BenchmarkDo is what one command costs, with reading the draft and its five versions:
// what a post to the builder waits for.
func BenchmarkDo(b *testing.B) {
	order, _ := starters.Schema("work-order")
	var large strings.Builder
	large.WriteString(`{"title":"Large","type":"object","properties":{`)
	for i := range 300 {
		fmt.Fprintf(&large, `"f%d":{"title":"Field %d","type":"string","maxLength":200},`, i, i)
	}
	large.WriteString(`"hours":{"title":"Hours","type":"number"}}}`)
	for name, text := range map[string]string{"21-fields": string(order), "301-fields": large.String()} {
		b.Run(name, func(b *testing.B) {
			version, err := schema.Parse([]byte(text))
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				d, err := studio.Read([]byte(text))
				if err != nil {
					b.Fatal(err)
				}
				d = d.WithVersions(version, version, version, version, version)
				if _, err := d.Do(studio.Command{Do: "set", Path: []string{"hours"}, Setting: "minimum", Value: 1}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
