package access

import (
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
)

// Stories shows each page, filled as far as it can be, and once more where it looks
// otherwise.
func Stories() []story.Story {
	guest := templates.Frame{Title: "Sign in", Version: "fieldstack 1.0"}
	return []story.Story{
		story.Tell("setup", Setup, SetupPage{
			Frame: guest, Token: "t0ken", TokenError: "The link is old.", Wrong: "No.",
			Name: story.Typed("name", "Your name"), Password: story.Typed("password", "Password"), SecondTime: story.Typed("again", "Again"),
		}),
		story.Tell("sign-in", SignIn, SignInPage{
			Frame: guest, Wrong: "Name and password do not fit.", Next: "/admin/people",
			Name: story.Typed("name", "Name"), Password: story.Typed("password", "Password"),
		}),
		story.Tell("sign-in-new", SignIn, SignInPage{Frame: guest, New: true}),
		story.Tell("account", Account, AccountPage{
			Frame: story.Frame("Account"), Role: "owner", RoleExplained: "Everything.", Wrong: "No.",
			Old: story.Typed("old", "Old"), New: story.Typed("new", "New"),
		}),
	}
}
