package auth

import (
	"context"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

// TestLogin_UnicodeTwins: spellings that Unicode holds to be one name are one
// account, and names that only look alike never sign in to each other's.
func TestLogin_UnicodeTwins(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	account := w.account("josé", collections.Worker)
	for _, twin := range []string{"josé", "jose\u0301", "JOSÉ", "JOSE\u0301", "ｊｏｓé", "Jos\u00c9"} {
		_, who, err := w.SignIn(ctx, twin, "josé-password", here)
		if err != nil || who.Actor.User != account.ID || who.Actor.Name != "josé" {
			t.Errorf("sign in as %+q: %v, %v; want josé's account", twin, who, err)
		}
		_, err = w.Create(ctx, system, NewAccount{Name: twin, Password: "another-password", Role: collections.Owner})
		wantCode(t, "register the twin "+twin, err, collections.Exists)
	}
	for _, other := range []string{"jose", "josè", "jоsé" /* Cyrillic o */, "josé\u200b"} {
		_, _, err := w.SignIn(ctx, other, "josé-password", there)
		wantCode(t, "sign in as "+other, err, collections.Unauthorized)
	}
}

func TestName_FoldIsAFixpoint(t *testing.T) {
	for _, name := range []string{"Straße", "STRASSE", "ﬁeld", "İstanbul", "ΣΊΣΥΦΟΣ", "ǅ", "ͅα", "Å", "Ⅷ"} {
		once := foldName(name)
		if twice := foldName(once); twice != once {
			t.Errorf("fold %q: %+q, and again: %+q", name, once, twice)
		}
	}
	if foldName("Straße") != foldName("STRASSE") {
		t.Error("ß and SS are two names")
	}
}

func TestName_Check(t *testing.T) {
	for name, want := range map[string]string{
		"":                       "empty",
		"a b":                    "character ' '",
		"ad\u200bmin":            "character",
		"ad\u00admin":            "character",
		"admin\u202e":            "character",
		"ad\u3164min":            "character",
		"a\x00b":                 "character",
		"a\uffff":                "character",
		"аdmin":                  "one alphabet", // Cyrillic а
		"-rf":                    "begins with",
		".hidden":                "begins with",
		"x\xff":                  "valid text",
		strings.Repeat("é", 65):  "65 characters",
		"anna@example.org":       "",
		"Иван.Петров":            "",
		"田中":                     "",
		strings.Repeat("é", 64):  "",
		"o_connor+field-crew.02": "",
	} {
		_, err := checkName(name)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%+q: %v, want %q", name, err, want)
		}
	}
}
