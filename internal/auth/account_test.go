package auth

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

func TestAccount_OnlyOwnersManage(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.account("boss", collections.Owner)
	victim := w.account("victim", collections.Worker)
	owner := collections.Owner
	for _, role := range []collections.Role{collections.Designer, collections.Editor, collections.Worker, "", "OWNER"} {
		a := collections.Actor{User: victim.ID, Name: "victim", Role: role}
		_, err := w.Create(ctx, a, NewAccount{Name: "new", Password: "a good password", Role: collections.Owner})
		wantCode(t, "create", err, collections.Forbidden)
		_, err = w.Update(ctx, a, victim.ID, AccountChange{Role: &owner})
		wantCode(t, "raise oneself", err, collections.Forbidden)
		_, err = w.Accounts(ctx, a)
		wantCode(t, "list", err, collections.Forbidden)
		_, err = w.Audit(ctx, a, "", 10)
		wantCode(t, "audit", err, collections.Forbidden)
	}
	narrow := collections.Actor{User: "boss", Role: collections.Owner, Scopes: []string{"read"}}
	_, err := w.Create(ctx, narrow, NewAccount{Name: "new", Password: "a good password", Role: collections.Owner})
	wantCode(t, "an owner's narrow token", err, collections.Forbidden)
}

// The last owner who can sign in is neither demoted nor disabled.
func TestAccount_LastOwnerStays(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	a, b := w.account("a", collections.Owner), w.account("b", collections.Owner)
	editor, disabled := collections.Editor, true
	if _, err := w.Update(ctx, system, b.ID, AccountChange{Disabled: &disabled}); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]AccountChange{"demote": {Role: &editor}, "disable": {Disabled: &disabled}} {
		_, err := w.Update(ctx, system, a.ID, change)
		wantCode(t, name, err, collections.Invalid)
		if err == nil || !strings.Contains(err.Error(), "last owner") {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.signIn("a")
}

func TestAccount_BadInput(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	for field, n := range map[string]NewAccount{
		"name":     {Name: "a b", Password: "a good password", Role: collections.Worker},
		"password": {Name: "anna", Password: "short", Role: collections.Worker},
		"role":     {Name: "anna", Password: "a good password", Role: "root"},
	} {
		_, err := w.Create(ctx, system, n)
		e, ok := err.(*collections.Error)
		if !ok || e.Code != collections.Invalid || e.Field != field {
			t.Errorf("%s: %#v", field, err)
		}
	}
	if n := w.items.count(kindAccount) + w.items.count(kindName); n != 0 {
		t.Errorf("refused accounts left %d items", n)
	}
	_, err := w.Update(ctx, system, "nobody", AccountChange{})
	wantCode(t, "unknown account", err, collections.NotFound)
}

// A name whose account was never written, because the process ended in between, is
// free again after a while, and not before.
func TestAccount_AbandonedNameIsFreed(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	if err := w.takeName(ctx, "anna", "lost"); err != nil {
		t.Fatal(err)
	}
	_, err := w.Create(ctx, system, NewAccount{Name: "Anna", Password: "a good password", Role: collections.Worker})
	wantCode(t, "at once", err, collections.Exists)
	w.clock.pass(2 * time.Minute)
	w.account("Anna", collections.Worker)
}

func TestToken_OwnAndOthers(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.account("boss", collections.Owner)
	w.account("anna", collections.Worker)
	w.account("bert", collections.Worker)
	text, anna := w.signIn("anna")
	_, bert := w.signIn("bert")
	_, boss := w.signIn("boss")
	token, c, err := w.CreateToken(ctx, anna, NewToken{Label: "script", Scopes: []string{"read"}})
	if err != nil {
		t.Fatal(err)
	}
	who, err := w.Authenticate(ctx, token)
	if err != nil || len(who.Actor.Scopes) != 1 || who.Actor.Scopes[0] != "read" {
		t.Fatalf("the token is %+v, %v", who, err)
	}
	_, _, err = w.CreateToken(ctx, who, NewToken{Label: "wider"})
	wantCode(t, "a token makes a wider one", err, collections.Forbidden)
	_, err = w.CreateCode(ctx, who, "")
	wantCode(t, "a token enrols a device", err, collections.Forbidden)
	_, err = w.ChangePassword(ctx, who, "anna-password", "a good password", here)
	wantCode(t, "a token changes the password", err, collections.Forbidden)
	wantCode(t, "a narrow token revokes", w.Revoke(ctx, who.Actor, anna.Credential), collections.NotFound)
	wantCode(t, "somebody else revokes", w.Revoke(ctx, bert.Actor, c.ID), collections.NotFound)
	for actor, want := range map[*Identity]int{anna: 1, bert: 0, boss: 1} {
		list, err := w.Tokens(ctx, actor.Actor)
		if err != nil || len(list) != want {
			t.Errorf("%s sees %d tokens, %v; want %d", actor.Actor.Name, len(list), err, want)
		}
	}
	if err := w.Revoke(ctx, boss.Actor, c.ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.Authenticate(ctx, token)
	wantCode(t, "revoked", err, collections.Unauthorized)
	if _, err := w.Authenticate(ctx, text); err != nil {
		t.Errorf("her session ended with it: %v", err)
	}
	for _, n := range []NewToken{{}, {Label: "x", Scopes: []string{"all"}}, {Label: "x", Expires: 1}} {
		_, _, err := w.CreateToken(ctx, anna, n)
		wantCode(t, "bad token", err, collections.Invalid)
	}
}

func TestEnrol_OnceAndInTime(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	boss, anna := w.account("boss", collections.Owner), w.account("anna", collections.Worker)
	_, owner := w.signIn("boss")
	_, worker := w.signIn("anna")
	_, err := w.CreateCode(ctx, worker, boss.ID)
	wantCode(t, "a code for somebody else", err, collections.Forbidden)

	code, err := w.CreateCode(ctx, owner, anna.ID)
	if err != nil || len(code.Text) != codeLen+1 || strings.ContainsAny(code.Text, "01IO") {
		t.Fatalf("code %+v, %v", code, err)
	}
	if w.items.holds(strings.ReplaceAll(code.Text, "-", "")) || w.items.holds(code.Text) {
		t.Error("the code is in the store")
	}
	typed := strings.ToLower(strings.ReplaceAll(code.Text, "-", " "))
	text, who, err := w.Enrol(ctx, typed, "tablet", here)
	if err != nil || who.Actor.User != anna.ID || who.Kind != Device {
		t.Fatalf("enrolled %+v, %v", who, err)
	}
	if _, err := w.Authenticate(ctx, text); err != nil {
		t.Error(err)
	}
	_, _, err = w.Enrol(ctx, code.Text, "second", here)
	wantCode(t, "used twice", err, collections.Unauthorized)

	late, _ := w.CreateCode(ctx, worker, "")
	w.clock.pass(CodeLife)
	_, _, err = w.Enrol(ctx, late.Text, "late", here)
	wantCode(t, "too late", err, collections.Unauthorized)

	_, worker = w.signIn("anna")
	void, _ := w.CreateCode(ctx, worker, "")
	password := "another password"
	if _, err := w.Update(ctx, system, anna.ID, AccountChange{Password: &password}); err != nil {
		t.Fatal(err)
	}
	_, _, err = w.Enrol(ctx, void.Text, "void", here)
	wantCode(t, "made before the password changed", err, collections.Unauthorized)
}

func TestEnrol_GuessingIsThrottled(t *testing.T) {
	w := newWorld(t)
	for range freePerName {
		_, _, err := w.Enrol(context.Background(), "ABCDE-FGHJK", "x", here)
		wantCode(t, "wrong", err, collections.Unauthorized)
	}
	_, _, err := w.Enrol(context.Background(), "ABCDE-FGHJK", "x", here)
	wantCode(t, "too often", err, collections.TooMany)
}

// The trail tells who did what, newest first, and never holds a secret.
func TestAudit_TellsTheStory(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	if _, err := w.SetUp(ctx, w.SetupToken(), "boss", "boss-password", here); err != nil {
		t.Fatal(err)
	}
	_, owner := w.signIn("boss")
	anna, err := w.Create(ctx, owner.Actor, NewAccount{Name: "anna", Password: "anna-password", Role: collections.Worker})
	if err != nil {
		t.Fatal(err)
	}
	_, _, _ = w.SignIn(ctx, "anna", "a secret typo", here)
	w.everyKind("anna")
	editor, disabled, password := collections.Editor, true, "set by the owner"
	change := AccountChange{Role: &editor, Disabled: &disabled, Password: &password}
	if _, err := w.Update(ctx, owner.Actor, anna.ID, change); err != nil {
		t.Fatal(err)
	}
	var story []string
	for after := ""; ; {
		page, err := w.Audit(ctx, owner.Actor, after, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			story = append(story, e.Who+" "+e.Did)
			after = e.Place
		}
	}
	for _, want := range []string{
		"boss set the server up", "boss signed in", "boss created the account", "anna was refused at sign-in",
		"anna signed in", "anna created a token", "anna made an enrolment code", "anna enrolled a device",
		"boss changed the role from worker to editor", "boss disabled the account", "boss set a new password",
	} {
		if !strings.Contains(strings.Join(story, "\n"), want) {
			t.Errorf("the trail does not say %q", want)
		}
	}
	for _, secret := range []string{"a secret typo", password, "anna-password"} {
		if w.items.holds(secret) {
			t.Errorf("the store holds %q", secret)
		}
	}
	w.clock.pass(time.Hour)
	w.signIn("boss")
	page, _ := w.Audit(ctx, owner.Actor, "", 1)
	if len(page) != 1 || page[0].At != w.millis() {
		t.Error("the newest line is not the first")
	}
}

func TestSweep_RemovesOnlyWhatIsPast(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.account("anna", collections.Worker)
	w.everyKind("anna")
	if _, err := w.CreateCode(ctx, &Identity{Actor: system, Kind: Session}, mustID(w, "anna")); err != nil {
		t.Fatal(err)
	}
	counts := func() [4]int {
		return [4]int{w.items.count(kindSession), w.items.count(kindToken), w.items.count(kindCode), w.items.count(kindAccount)}
	}
	if err := w.Sweep(ctx); err != nil || counts() != [4]int{1, 2, 2, 1} {
		t.Fatalf("a fresh world was swept to %v, %v", counts(), err)
	}
	w.clock.pass(SessionIdle)
	if err := w.Sweep(ctx); err != nil || counts() != [4]int{0, 2, 0, 1} {
		t.Fatalf("after 12 h: %v, %v", counts(), err)
	}
	w.clock.pass(auditLife)
	if err := w.Sweep(ctx); err != nil || counts() != [4]int{0, 1, 0, 1} || w.items.count(kindAudit) != 0 {
		t.Fatalf("after a year: %v, %d lines, %v", counts(), w.items.count(kindAudit), err)
	}
}
