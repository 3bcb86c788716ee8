package access

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates/words"
)

// languageLife is how long a browser keeps the language that was chosen in it.
const languageLife = 365 * 24 * time.Hour

// chooseLanguage keeps a language in the browser, and goes back to the page.
func (p *pages) chooseLanguage(c *fiber.Ctx) error {
	form, err := ui.ReadForm(c)
	if err != nil {
		return err
	}
	c.Cookie(&fiber.Cookie{
		Name: ui.LanguageCookie, Value: string(words.Choose(form.Get("language"), "")), Path: "/",
		MaxAge: int(languageLife / time.Second), Secure: web.Secure(c), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
	return c.Redirect(ui.SafeNext(form.Get("next")), fiber.StatusSeeOther)
}
