// Somebody's phone with the field app on it, used by what a person sees and presses.

import assert from 'node:assert/strict'
import { complaints, look } from './browser.js'
import { password } from './owner.js'

const settings = {
  viewport: { width: 360, height: 740 }, hasTouch: true, locale: 'en-GB', timezoneId: 'Europe/Berlin',
  permissions: ['clipboard-read', 'clipboard-write']
}

export class Phone {
  /**
   * @param {import('playwright-core').BrowserContext} context
   * @param {string} url of the server
   * @param {string} name of whoever carries it
   */
  constructor (context, url, name) {
    this.context = context
    this.url = url
    this.name = name
    this.said = []
  }

  /** A phone that is forgotten when the browser is closed, with the app open. */
  static async fresh (browser, url, name) {
    const phone = new Phone(await browser.newContext(settings), url, name)
    await phone.start()
    return phone
  }

  /** The same, signed in and level. */
  static async of (browser, url, name) {
    const phone = await Phone.fresh(browser, url, name)
    await phone.signIn()
    return phone
  }

  /** Another tab of the same phone, to be started. */
  tab () {
    const other = new Phone(this.context, this.url, this.name)
    other.said = this.said
    return other
  }

  /** How a phone is set up, for one with a profile of its own. */
  static get settings () { return settings }

  /** Opens the app, in a tab of its own. */
  async start (place = '#/') {
    this.page = await this.context.newPage()
    this.said.push(complaints(this.page))
    await this.page.goto(this.url + '/app/' + place)
  }

  async enter () {
    await this.page.getByLabel('Your name').fill(this.name)
    await this.page.getByLabel('Password').fill(password)
    await this.press('Sign in')
  }

  async signIn () {
    await this.enter()
    await this.synced()
    // What starts without a network is on the phone only then.
    await this.page.evaluate(() => navigator.serviceWorker.ready)
  }

  button (name, on = this.page) { return on.getByRole('button', { name, exact: typeof name === 'string' }) }
  press (name, on) { return this.button(name, on).click() }
  group (name) { return this.page.getByRole('group', { name: new RegExp('^' + name) }) }
  field (label, on = this.page) { // one with suggestions is a combobox
    const name = new RegExp('^' + label)
    return on.getByRole('textbox', { name }).or(on.getByRole('combobox', { name }))
  }

  text (text, on = this.page) { return on.getByText(text, { exact: typeof text === 'string' }) }
  heading (name) { return this.page.getByRole('heading', { name, exact: true }).waitFor() }

  offline () { return this.context.setOffline(true) }
  online () { return this.context.setOffline(false) }

  /** Waits until the sign in the bar says so. */
  sign (state) { return this.button(typeof state === 'string' ? `Synchronisation: ${state}` : state).waitFor() }
  synced () { return this.sign('Synced') }

  /** Finds a record in its list, as somebody does who knows a few words of it, and opens it. */
  async open (words, title, type = 'work-order') {
    await this.page.goto(`${this.url}/app/#/${type}`)
    await this.page.getByRole('searchbox').fill(words)
    await this.page.getByRole('status').getByText('1 record', { exact: true }).waitFor()
    await this.page.getByRole('link', { name: title, exact: true }).click()
    await this.heading(title)
  }

  /** Fills a field and leaves it. */
  async fill (label, text, on) {
    await this.field(label, on).fill(text)
    await this.field(label, on).blur()
  }

  choose (label, option) { return this.group(label).getByText(option, { exact: true }).click() }

  async addTo (label, amount) {
    await this.page.getByLabel('Amount to add to ' + label).fill(amount)
    await this.press('Add', this.group(label))
  }

  async addTag (word) {
    await this.page.getByLabel('New entry of Tags').fill(word)
    await this.page.keyboard.press('Enter')
    await this.button('Remove ' + word).waitFor()
  }

  /** Types at a place in the notes: behind the first line, or at the end. */
  async write (text, where) {
    const notes = this.field('Notes')
    await notes.click({ trial: true }) // which waits until it can be written in
    await notes.focus()
    await this.page.keyboard.press('Control+' + (where === 'first line' ? 'Home' : 'End'))
    if (where === 'first line') await this.page.keyboard.press('End')
    await this.page.keyboard.type(text)
    await notes.blur()
  }

  parts () { return this.group('Parts').getByRole('heading', { level: 3 }).allInnerTexts() }

  async addPart (part, quantity) {
    const rows = this.group('Parts').getByRole('listitem')
    const at = await rows.count()
    await this.press(/^Add a row/)
    const row = rows.nth(at)
    await this.fill('Part', part, row)
    await row.getByRole('heading', { name: part }).waitFor()
    await this.fill('Quantity', quantity, row)
  }

  async history () {
    await this.page.locator('summary').filter({ hasText: 'History' }).click()
    await this.page.locator('.timeline li').first().waitFor()
  }

  /** Everything that the form of the record shows, but what is only for this person. */
  async screen () {
    const lines = (await this.page.locator('.form').ariaSnapshot()).split('\n')
    return lines.filter((line) => !/button "Me"|Saved on this device|^- status/.test(line)).join('\n')
  }

  /** A picture for people, held to what every page must keep. */
  async show (name) {
    await this.page.evaluate(() => scrollTo(0, 0))
    await look(this.page, 'story-' + name, [360])
    await this.page.emulateMedia({ colorScheme: 'light' })
  }

  complained () { assert.deepEqual(this.said.flat(), [], this.name) }
}

/** Waits until both phones show the same record in the same way. */
export async function sameScreen (one, other) {
  for (let i = 0; ; i++) {
    const [a, b] = await Promise.all([one.screen(), other.screen()])
    if (a === b) return a
    if (i > 100) assert.equal(a, b, `${one.name} and ${other.name} see different records`)
    await one.page.evaluate(() => new Promise(requestAnimationFrame))
  }
}

/** What the server holds of a record, once it is as asked for. */
export async function held (owner, type, id, test = () => true) {
  for (let i = 0; ; i++) {
    const record = await owner.call('GET', `${type}/${id}`)
    if (test(record.value)) return record
    assert.ok(i < 100, 'the server never had it: ' + JSON.stringify(record.value))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
