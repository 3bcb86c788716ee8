package collections_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

const impactSchema = `{"title":"Job","type":"object","properties":{"title":{"title":"Title","type":"string"},"code":{"title":"Code","type":"string"},"secret":{"title":"Secret","type":"string","maxLength":3}%s}}`

// Impact counts what publishing then lists.
func TestImpact_IsWhatPublishingFinds(t *testing.T) {
	o := openOffice(t)
	o.publish("job", fmt.Sprintf(impactSchema, ""))
	for i := range 30 {
		value := map[string]any{"title": fmt.Sprint("job ", i), "code": fmt.Sprint("c", i%20)}
		if i%3 == 0 {
			delete(value, "title")
		}
		if _, err := o.Create(t.Context(), eve, "job", "", value); err != nil {
			t.Fatal(err)
		}
	}
	o.draft("job", strings.Replace(strings.Replace(fmt.Sprintf(impactSchema, ""), `"type":"object",`, `"type":"object","required":["title"],`, 1), `"title":"Code",`, `"title":"Code","x-unique":true,`, 1))
	var told []int
	impact, err := o.Impact(t.Context(), dana, "job", func(done, total int) { told = append(told, done, total) })
	if err != nil {
		t.Fatal(err)
	}
	if !impact.Complete || impact.Total != 30 || impact.Checked != 30 || impact.New != impact.Broken || impact.Mended != 0 || fmt.Sprint(told) != "[30 30]" {
		t.Errorf("the impact is %+v, told %v", impact, told)
	}
	rules := map[string]int{}
	for _, r := range impact.Rules {
		rules[r.Rule] = r.Records
	}
	if rules["required"] != 10 || rules["x-unique"] != 10 {
		t.Errorf("the rules are %+v", impact.Rules)
	}
	if len(impact.Examples) != 5 || len(impact.Examples[0].Problems) == 0 || impact.Examples[0].Document.ID == "" {
		t.Errorf("the examples are %+v", impact.Examples)
	}
	if _, _, err := o.Publish(t.Context(), dana, "job", nil); err != nil {
		t.Fatal(err)
	}
	// The one that had the value first is good.
	if n, err := o.CountAttention(t.Context(), dana, "job", 100); err != nil || n != impact.New {
		t.Errorf("%d records need attention, %v; the impact said %d", n, err, impact.New)
	}
	o.draft("job", fmt.Sprintf(impactSchema, `,"more":{"type":"string"}`))
	impact, err = o.Impact(t.Context(), dana, "job", nil)
	if err != nil || impact.Broken != 0 || impact.Mended != 10 || len(impact.Comparison.Changes) == 0 {
		t.Errorf("loosened: %+v, %v", impact, err)
	}
}

func TestImpact_RunsOutOfTime(t *testing.T) {
	o := openOffice(t)
	o.publish("job", fmt.Sprintf(impactSchema, ""))
	for range 3 {
		if _, err := o.Create(t.Context(), eve, "job", "", map[string]any{"title": "x"}); err != nil {
			t.Fatal(err)
		}
	}
	o.draft("job", fmt.Sprintf(impactSchema, `,"more":{"type":"string"}`))
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	impact, err := o.Impact(ctx, dana, "job", nil)
	if err != nil && !strings.Contains(err.Error(), "deadline") {
		t.Fatal(err)
	}
	if err == nil && impact.Complete {
		t.Error("it says it has seen all")
	}
}

func TestImpact_OnlyForDesigners(t *testing.T) {
	o := openOffice(t)
	o.draft("job", fmt.Sprintf(impactSchema, ""))
	_, err := o.Impact(t.Context(), eve, "job", nil)
	wantCode(t, err, collections.Forbidden)
	if impact, err := o.Impact(t.Context(), dana, "job", nil); err != nil || !impact.Complete || impact.Total != 0 {
		t.Errorf("of a new type: %+v, %v", impact, err)
	}
	_, err = o.Impact(t.Context(), dana, "none", nil)
	wantCode(t, err, collections.NotFound)
}
