package types_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

// sentence makes the form of a condition of one row, of the price.
func sentence(setting, field, op, as, value string) url.Values {
	name := setting + ".0."
	return admintest.Values("do", "condition", "path", "price", "setting", setting, "from", "null", setting+".join", "all", name+"field", field, name+"op", op, name+"as", as, name+"value", value)
}

// Ensure a field is shown and required under conditions made as sentences in the panel,
// and a hidden field never blocks.
func TestWhen(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("dana")
	p := b.Get(orderForm + "?field=price").Want(http.StatusOK)
	p.Says("#set-condition-control", "Shown Always.")
	p.Says("#set-required-when-control", "Required Never.")
	change, _ := p.Find("#set-condition-change").Attr("href")
	p = b.Get(change).Want(http.StatusOK)
	p.Says("#set-condition", "Show this field when …")
	p.Count("[name='condition.0.field']", 1)

	form := sentence("condition", "status", "is", "choice", `"done"`)
	p = b.Follow(b.Post(orderForm, form)).Want(http.StatusOK)
	p.Says("#f-price .row-top", "shown when Status is")
	p.Says("#set-condition-control", "Shown When Status is")
	p.Count("#set-condition", 0)
	p = b.Follow(b.Post(orderForm, sentence("required-when", "urgent", "is-yes", "", ""))).Want(http.StatusOK)
	p.Says("#f-price .row-top", "required when Urgent is")

	b.Post(orderForm, form).Want(http.StatusSeeOther) // what is asked for stands there already
	p = b.Post(orderForm, sentence("condition", "status", "is", "choice", `"open"`)).Want(http.StatusConflict)
	p.Says("#set-condition-control .clash", "Which is to stay?")
	p.Says("#set-condition-control .clash", `When Status is "open"`)
	b.Follow(press(b, p, "#set-condition-control .clash form:first-of-type button")).Want(http.StatusOK).Says("#set-condition-control", `When Status is "open".`)
	done(b, "do", "no-condition", "path", "price", "setting", "condition", "from", `{"field":"status","is":"open"}`)
	b.Get(orderForm).SaysNot("#f-price .row-top", "shown when")
	done(b, "do", "undo")
	b.Get(orderForm).Says("#f-price .row-top", `shown when Status is "open"`)
	b.Get(orderForm + "/when?field=price").Want(http.StatusNotFound)
}

// Ensure a condition that is half made changes nothing, and stands where it was made.
func TestWhen_HalfMade(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	form := sentence("condition", "status", "is", "choice", `"done"`)
	form.Set("condition.do", "add:")
	p := b.Post(orderForm, form).Want(http.StatusOK)
	p.Count("#set-condition .condition-row", 2)
	p.Count("[name='condition.1.field'][autofocus]", 1)
	p.Says("#builder-state", "As published")

	form.Del("condition.do")
	form.Set("condition.1.field", "title")
	form.Set("condition.1.op", "contains")
	p = b.Post(orderForm, form).Want(http.StatusUnprocessableEntity)
	p.Count("#set-condition .error", 1)
	p.Count("#set-condition .condition-row", 2)
	p.Says("#builder-state", "As published")

	p = b.Post(orderForm, sentence("condition", "price", "above", "number", "3")).Want(http.StatusUnprocessableEntity)
	p.Says("#set-condition .error", "cannot decide by itself")
	p = b.Post(orderForm, sentence("required-when", "title", "above", "text", "x"))
	p.Count("#set-required-when", 1)
	b.Post(orderForm, admintest.Values("do", "condition", "path", "nothing", "setting", "condition")).Want(http.StatusUnprocessableEntity)
}

// Ensure that inside rows it is the row that is asked about.
func TestWhen_InRows(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	done(b, "do", "add", "kind", "rows", "value", "Goods", "into", "", "after", "title", "section", "")
	done(b, "do", "add", "kind", "number", "value", "Weight", "into", "goods/*", "after", "")
	done(b, "do", "add", "kind", "number", "value", "Height", "into", "goods/*", "after", "")
	p := b.Get(orderForm + "?field=goods%2F*%2Fweight&edit=condition").Want(http.StatusOK)
	p.Says("[name='condition.0.field']", "Height")
	p.SaysNot("[name='condition.0.field']", "Status")
	form := sentence("condition", "height", "above", "number", "3")
	form.Set("path", "goods/*/weight")
	b.Follow(b.Post(orderForm, form)).Want(http.StatusOK).Says("#set-condition-control", "When Height is above 3.")
}

// Ensure the rehearsal is of the draft, and of the field that it was asked for.
func TestRehearse(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	p := b.Get(orderForm + "?field=parts").Want(http.StatusOK)
	p.Says("#group-together", "The rows of both stay")
	at, _ := p.Find(".rehearse a").Attr("href")
	p = b.Get(at).Want(http.StatusOK)
	if got, _ := p.Find("#rehearsal").Attr("data-field"); got != "parts" {
		t.Errorf("it begins with %q", got)
	}
	b.As("eve").Get(at).Want(http.StatusForbidden)
}
