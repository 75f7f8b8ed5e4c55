// Improves pages that work without it: menus, error summaries, counters (GOV.UK Frontend).
import { initAll } from './govuk-frontend.min.js'
import './draft.js'

document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) {
  document.body.classList.add('govuk-frontend-supported')
}
initAll()
