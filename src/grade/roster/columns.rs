//! The columns of a roster, found by what platforms and people call them.

use csv::StringRecord;

use crate::exercise::person::words;

/// Where the table says who somebody is.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) ids: Vec<usize>,
    pub(super) login: Option<usize>,
    pub(super) email: Option<usize>,
    pub(super) name: Option<usize>,
    pub(super) first: Option<usize>,
    pub(super) last: Option<usize>,
}

// Names as Canvas, Moodle, ILIAS and people write them, without marks and in small letters.
const IDS: &[&str] = &[
    "id",
    "userid",
    "studentid",
    "sisuserid",
    "identifier",
    "idnumber",
    "idnummer",
    "studentnumber",
    "number",
    "matriculationnumber",
    "matrikelnummer",
    "matrikel",
    "matrnr",
    "participantid",
    "teilnehmerid",
    "bezeichner",
];
const LOGINS: &[&str] = &[
    "login",
    "sisloginid",
    "loginid",
    "username",
    "user",
    "anmeldename",
    "benutzername",
    "nutzername",
    "kennung",
    "benutzerkennung",
    "account",
];
const EMAILS: &[&str] = &["email", "emailaddress", "mail", "emailadresse"];
const NAMES: &[&str] = &[
    "name",
    "student",
    "studentname",
    "fullname",
    "vollstaendigername",
    "sortablename",
];
const FIRSTS: &[&str] = &["first", "firstname", "givenname", "vorname"];
const LASTS: &[&str] = &["last", "lastname", "surname", "familyname", "nachname"];
impl Columns {
    pub(super) fn find(header: &StringRecord) -> std::result::Result<Self, (String, String)> {
        let of = |names: &[&str]| -> Vec<usize> {
            (0..header.len())
                .filter(|&i| names.contains(&words(&header[i]).concat().as_str()))
                .collect()
        };
        let one = |what: &str, names: &[&str]| match of(names).as_slice() {
            [] => Ok(None),
            [column] => Ok(Some(*column)),
            several => {
                let titles: Vec<&str> = several.iter().map(|&i| &header[i]).collect();
                let expected = format!("one column with the {what} (name the others otherwise)");
                Err((expected, titles.join(" and ")))
            }
        };
        let columns = Self {
            ids: of(IDS),
            login: one("login", LOGINS)?,
            email: one("e-mail address", EMAILS)?,
            name: one("name", NAMES)?,
            first: one("first name", FIRSTS)?,
            last: one("last name", LASTS)?,
        };
        let Self {
            ids,
            login,
            email,
            name,
            first,
            last,
        } = &columns;
        let full_name = name.is_some() || (first.is_some() && last.is_some());
        if ids.is_empty() && login.is_none() && email.is_none() && !full_name {
            let titles: Vec<&str> = header.iter().collect();
            let expected = "a column named id, login, email or name, or first name and last name";
            return Err((expected.into(), format!("the columns {titles:?}")));
        }
        Ok(columns)
    }
}
