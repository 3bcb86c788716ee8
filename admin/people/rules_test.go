package people_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/collections"
)

// form gives what a browser would send of the page's form.
func form(p *admintest.Page) url.Values {
	sent := url.Values{}
	p.Find("form.rule-form input, form.rule-form select").Each(func(_ int, s *goquery.Selection) {
		name := s.AttrOr("name", "")
		_, checked := s.Attr("checked")
		switch kind := s.AttrOr("type", ""); {
		case s.Is("select"):
			chosen := s.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = s.Find("option").First()
			}
			sent.Add(name, chosen.AttrOr("value", ""))
		case (kind == "radio" || kind == "checkbox") && !checked:
		default:
			sent.Add(name, s.AttrOr("value", ""))
		}
	})
	return sent
}

const rulesPath = "/admin/types/order/rules"

// TestRules_ByHand builds a rule without script: choose "only where", be asked for the
// condition, fill it in, save; and shut a field.
func TestRules_ByHand(t *testing.T) {
	w := admintest.NewWorld(t)
	dana := w.As("dana")
	p := dana.Get(rulesPath).Want(200)
	p.Says("#worker-see-rule .condition-says", "Assignee is me")
	if got := p.Find("[name='worker-field.price'] [selected]").AttrOr("value", ""); got != "hidden" {
		t.Errorf("the price is shown as %q", got)
	}
	sent := form(p)
	sent.Set("worker-edit-mode", "where")
	sent.Set("worker-field.hours", "readOnly")
	p = dana.Post(rulesPath, sent).Want(422)
	p.Says("#worker-edit-wrong", "Say where")
	p.Count("#worker-edit-rule .condition-row", 1)
	sent = form(p)
	sent.Set("worker-edit.0.field", "status")
	p = dana.Post(rulesPath, sent).Want(422)
	p.Says("#worker-edit-rule .error", "Choose a value.")
	sent = form(p)
	sent.Set("worker-edit.0.value", `"open"`)
	dana.Follow(dana.Post(rulesPath, sent)).Says(".notice.done", "rules are saved")
	rules, err := w.Engine.Rules(t.Context(), admintest.System, "order")
	w.Must(err)
	worker := rules.Roles[collections.Worker]
	if worker.Edit.Sentence(nil).String() != `status is "open"` || worker.See.Sentence(nil).String() != "assignee is me" || worker.Delete.Op != "false" {
		t.Errorf("rules are %+v", worker)
	}
	if strings.Join(worker.Hidden, " ") != "price" || strings.Join(worker.ReadOnly, " ") != "hours" || rules.Roles[collections.Editor] != nil {
		t.Errorf("fields: %v hidden, %v read only; editors: %+v", worker.Hidden, worker.ReadOnly, rules.Roles[collections.Editor])
	}
}

// TestRules_Buttons adds and removes conditions by buttons; nothing is saved by them, and
// what was typed elsewhere stays.
func TestRules_Buttons(t *testing.T) {
	w := admintest.NewWorld(t)
	dana := w.As("dana")
	sent := form(dana.Get(rulesPath))
	sent.Set("editor-delete-mode", "none")
	sent.Set("worker-see.do", "add:")
	p := dana.Post(rulesPath, sent).Want(200)
	p.Count("#worker-see-rule .condition-row", 2)
	if _, checked := p.Find("#editor-delete-mode-none").Attr("checked"); !checked {
		t.Error("another choice on the page is lost")
	}
	sent = form(p)
	sent.Set("worker-see.do", "remove:1")
	p = dana.Post(rulesPath, sent).Want(200)
	p.Count("#worker-see-rule .condition-row", 1)
	sent = form(p)
	sent.Set("look", "1")
	sent.Set("worker-create-mode", "where")
	dana.Post(rulesPath, sent).Want(200).Count("#worker-create-rule .condition-row", 1)
	rules, err := w.Engine.Rules(t.Context(), admintest.System, "order")
	w.Must(err)
	if rules.Roles[collections.Editor] != nil {
		t.Errorf("a button saved %+v", rules.Roles[collections.Editor])
	}
}

// TestRules_TwoAtOnce has two designers with the page open: different rules both stay,
// the same one is shown to who comes second, with nothing written.
func TestRules_TwoAtOnce(t *testing.T) {
	w := admintest.NewWorld(t)
	dana, olga := w.As("dana"), w.As("olga")
	mine, theirs := form(dana.Get(rulesPath)), form(olga.Get(rulesPath))
	theirs.Set("worker-create-mode", "none")
	theirs.Set("worker-see-mode", "all")
	olga.Post(rulesPath, theirs).Redirects(rulesPath + "?done=rules")
	mine.Set("worker-see.0.op", "not-me")
	mine.Set("editor-delete-mode", "none")
	p := dana.Post(rulesPath, mine).Want(409)
	p.Says("#worker-see-rule .rule-clash", "to: All")
	p.Count(".rule-clash", 1)
	p.Says("#worker-see-rule .condition-says", "Assignee is not me")
	if _, checked := p.Find("#worker-create-mode-none").Attr("checked"); !checked {
		t.Error("what the other changed elsewhere is not taken in")
	}
	rules := func() *collections.RoleRules {
		rules, err := w.Engine.Rules(t.Context(), admintest.System, "order")
		w.Must(err)
		return rules.Roles[collections.Worker]
	}
	if rules().See != nil {
		t.Errorf("a clash wrote %s", rules().See.Sentence(nil).String())
	}
	take := form(p)
	take.Set("take", "worker-see")
	taken := dana.Post(rulesPath, take).Want(200)
	if _, checked := taken.Find("#worker-see-mode-all").Attr("checked"); !checked {
		t.Error("theirs is not taken")
	}
	dana.Post(rulesPath, form(p)).Redirects(rulesPath + "?done=rules")
	if r := rules(); r.See.Sentence(nil).String() != "assignee is not me" || r.Create.Op != "false" {
		t.Errorf("after insisting: see %s, create %v", r.See.Sentence(nil).String(), r.Create)
	}
}

func TestRules_WhoMay(t *testing.T) {
	w := admintest.NewWorld(t)
	for _, path := range []string{rulesPath, rulesPath + "/try"} {
		w.As("eve").Get(path).Want(403)
		w.As("wim").Get(path).Want(403)
		w.As("dana").Get("/admin/types/none" + strings.TrimPrefix(path, "/admin/types/order")).Want(404)
	}
	w.As("dana").Post(rulesPath, url.Values{"from": {"[]"}}).Want(400)
}

// TestTry asks why a record is seen or not.
func TestTry(t *testing.T) {
	w := admintest.NewWorld(t)
	pump := w.Create("order", map[string]any{"title": "Pump", "assignee": "wim"})
	w.Create("order", map[string]any{"title": "Roof", "assignee": "wilo"})
	olga := w.As("olga")
	p := olga.Get(rulesPath + "/try?as=person:" + w.Users["wim"]).Want(200)
	p.Says("#found h2", "wim")
	p.Says("#found", "They see 1 of all 2.")
	p.Says(".verdicts", "Only where Assignee is me.")
	p.Says("tbody tr:contains(Roof)", "Assignee is me: it is wilo")
	p.Says(".field-states", "Price hidden")
	p = olga.Get(p.Find("tbody tr:contains(Roof) a").AttrOr("href", "")).Want(200)
	p.Says(".verdict:first-child", "No")
	p.Says(".told", "Assignee is me")
	p.Says(".told", "here: wilo")
	p.SaysNot(".verdicts", "The rules allow none.")
	dana := w.As("dana")
	p = dana.Get(rulesPath + "/try?as=role:worker&name=wim&record=" + pump).Want(200)
	p.Says(".verdict:first-child", "Yes")
	p.Says(".verdict:last-child", "The rules allow none.")
	p.Count("option[value^='person:']", 0)
	dana.Get(rulesPath+"/try?as=person:"+w.Users["wim"]).Want(403).Says(".notice.wrong", "owner")
	dana.Get(rulesPath + "/try?as=role:worker&record=0195a000-0000-7000-8000-000000000001").Want(404)
	dana.Get(rulesPath+"/try?as=role:king").Want(200).Says("#found", "This role may do nothing here.")
}
