//! Database URLs: `scheme:path?option=value` or `scheme://user:password@host:port/database?option=value`.

use std::fmt;

use aludel_core::{ConfigError, Error, Result};

/// A database URL in its parts, with percent signs decoded.
///
/// Displaying or debugging it shows no password.
///
/// ```
/// use aludel_engine::Url;
///
/// let url = Url::parse("postgres://ed:s%40cret@db.example:6432/shop?sslmode=require")?;
/// assert_eq!((url.scheme(), url.user(), url.password()), ("postgres", Some("ed"), Some("s@cret")));
/// assert_eq!((url.host(), url.port(), url.database()), (Some("db.example"), Some(6432), Some("shop")));
/// assert_eq!(url.to_string(), "postgres://ed:***@db.example:6432/shop?sslmode=require");
/// # Ok::<(), aludel_engine::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Url {
    scheme: String,
    /// What stands between the scheme's colon and the question mark, as written.
    body: String,
    authority: Option<Authority>,
    path: String,
    options: Vec<(String, String)>,
}

#[derive(Clone, PartialEq, Eq, Default)]
struct Authority {
    user: Option<String>,
    password: Option<String>,
    host: Option<String>,
    port: Option<u16>,
}

impl Url {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// When there is no scheme, a percent sign is not followed by two hexadecimal digits, an option has no value, or
    /// the same option stands twice. No error shows the password.
    pub fn parse(text: &str) -> Result<Self> {
        let (scheme, rest) = text.split_once(':').ok_or_else(|| no_scheme(text))?;
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_'));
        if !is_scheme {
            return Err(no_scheme(text));
        }
        let (body, query) = rest.split_once('?').map_or((rest, None), |(body, query)| (body, Some(query)));
        Ok(Self {
            scheme: scheme.to_ascii_lowercase(),
            body: body.to_owned(),
            // Without a port that is a number, it is a path that begins with two slashes, and the driver may like it.
            authority: body.strip_prefix("//").and_then(parse_authority),
            path: path_of(body)?,
            options: parse_options(query.unwrap_or(""))?,
        })
    }

    /// The scheme, in lower case.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// What stands between the scheme's colon and the question mark, decoded, for databases that are files.
    ///
    /// # Errors
    /// When a percent sign is not followed by two hexadecimal digits.
    pub fn body(&self) -> Result<String> {
        decode(&self.body)
    }

    /// Whether what stands between `//` and the next slash could be read as user, password, host and port. A driver that connects over
    /// a network asks before it goes to another place.
    ///
    /// # Errors
    /// When the port is no number of 16 bits, or a percent sign in a name or password is not followed by two hexadecimal digits. The
    /// error does not show the password.
    pub fn check_authority(&self) -> Result<()> {
        if self.authority.is_some() || !self.body.starts_with("//") {
            return Ok(());
        }
        let text = self.body.trim_start_matches('/').split('/').next().unwrap_or("");
        // Without an @ it may be a piece of the password.
        let place =
            text.rsplit_once('@').map_or_else(String::new, |(_, address)| format!(", at or before \"{address}\""));
        Err(ConfigError::new(format!(
            "the URL's user, password, host and port can't be read{place}: a port is a number up to 65535, an IPv6 address stands in \
             brackets, and in a password a slash is written %2F, a question mark %3F and a percent sign %25"
        ))
        .into())
    }

    /// The path behind the host, with its slash; everything behind the scheme where there is no host.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The user's name.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.authority.as_ref()?.user.as_deref()
    }

    /// The password.
    #[must_use]
    pub fn password(&self) -> Option<&str> {
        self.authority.as_ref()?.password.as_deref()
    }

    /// The host, without the brackets of an IPv6 address.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.authority.as_ref()?.host.as_deref()
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.authority.as_ref()?.port
    }

    /// The path without its first slash, where it is not empty.
    #[must_use]
    pub fn database(&self) -> Option<&str> {
        Some(self.path.trim_start_matches('/')).filter(|name| !name.is_empty())
    }

    /// The options in the order of the text.
    pub fn options(&self) -> impl Iterator<Item = (&str, &str)> {
        self.options.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.scheme)?;
        match &self.authority {
            Some(Authority { password: Some(_), .. }) => {
                let (login, rest) = self.body.split_once('@').unwrap_or(("", &self.body));
                let user = login.split(':').next().unwrap_or("");
                write!(f, "{user}{}:***@{rest}", if user.starts_with("//") { "" } else { "//" })?;
            }
            _ => f.write_str(&self.body)?,
        }
        for (index, (name, value)) in self.options().enumerate() {
            let value = if is_secret(name) { "***" } else { value };
            write!(f, "{}{name}={value}", if index == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Url({self})")
    }
}

fn no_scheme(text: &str) -> Error {
    // The text may hold a password, so only its beginning is shown.
    let shown: String = text.chars().take_while(|c| !matches!(c, '@' | '?')).take(20).collect();
    ConfigError::new(format!(
        "{shown:?} is not a database URL: it begins with no scheme; write for instance \"sqlite:app.db\" or \"postgres://user@host/database\""
    ))
    .into()
}

fn is_secret(option: &str) -> bool {
    let option = option.to_ascii_lowercase();
    ["password", "secret", "key", "token"].iter().any(|word| option.contains(word))
}

fn path_of(body: &str) -> Result<String> {
    match body.strip_prefix("//") {
        Some(rest) => decode(rest.find('/').map_or("", |slash| &rest[slash..])),
        None => decode(body),
    }
}

fn parse_authority(rest: &str) -> Option<Authority> {
    let text = rest.split('/').next().unwrap_or("");
    let (login, address) = text.rsplit_once('@').map_or((None, text), |(login, address)| (Some(login), address));
    let (user, password) = match login.map(|login| login.split_once(':').map_or((login, None), |(u, p)| (u, Some(p)))) {
        Some((user, password)) => (some_text(user)?, password.map_or(Some(None), some_text)?),
        None => (None, None),
    };
    let (host, port) = match address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, port)) => (host, Some(port.strip_prefix(':')?)),
        None => address.rsplit_once(':').map_or((address, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map_or(Some(None), |port| port.parse().ok().map(Some))?;
    Some(Authority { user, password, host: some_text(host)?, port })
}

/// Nothing for an empty text; no answer at all for one that can't be decoded.
fn some_text(text: &str) -> Option<Option<String>> {
    let text = decode(text).ok()?;
    Some(Some(text).filter(|text| !text.is_empty()))
}

fn parse_options(query: &str) -> Result<Vec<(String, String)>> {
    let mut options: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or_else(|| {
            // What is no option may be a piece of a password.
            let pair = if pair.contains('@') { "…" } else { pair };
            ConfigError::new(format!(
                "the URL's option {pair:?} has no value; options are written name=value, joined by &, and a question mark in a \
                 password is written %3F"
            ))
        })?;
        let (name, value) = (decode(name)?, decode(value)?);
        if options.iter().any(|(known, _)| *known == name) {
            return Err(ConfigError::new(format!("the URL gives the option {name:?} twice")).into());
        }
        options.push((name, value));
    }
    Ok(options)
}

fn decode(text: &str) -> Result<String> {
    if !text.contains('%') {
        return Ok(text.to_owned());
    }
    let wrong = || {
        ConfigError::new(
            "a percent sign in the URL is not followed by two hexadecimal digits of UTF-8; write %25 for a percent sign",
        )
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut nibble = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
        let value =
            nibble().zip(nibble()).map(|(high, low)| high * 16 + low).and_then(|value| u8::try_from(value).ok());
        bytes.push(value.ok_or_else(wrong)?);
    }
    String::from_utf8(bytes).map_err(|_| wrong().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (String, Option<String>, String) {
        let url = Url::parse(text).expect("a URL");
        (url.body().expect("a body"), url.host().map(ToOwned::to_owned), url.path().to_owned())
    }

    #[test]
    fn files_and_hosts() {
        assert_eq!(parts("sqlite::memory:"), (":memory:".into(), None, ":memory:".into()));
        assert_eq!(parts("sqlite:app%20one.db"), ("app one.db".into(), None, "app one.db".into()));
        assert_eq!(parts("sqlite:///tmp/a.db?mode=ro"), ("///tmp/a.db".into(), None, "/tmp/a.db".into()));
        assert_eq!(parts("mysql://[::1]:3306/shop"), ("//[::1]:3306/shop".into(), Some("::1".into()), "/shop".into()));
    }

    #[test]
    fn faults_are_named_and_passwords_are_not() {
        for (text, expected) in [
            ("app.db", "begins with no scheme"),
            ("/tmp/app.db", "begins with no scheme"),
            ("sqlite:a%zz", "percent sign"),
            ("sqlite:a?mode", "\"mode\" has no value"),
            ("sqlite:a?mode=ro&mode=rw", "\"mode\" twice"),
        ] {
            let error = Url::parse(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{error}");
        }
        for (text, shown) in [
            ("mysql://ed:hid%den@host/db", "at or before \"host\""),
            ("mysql://ed:hidden@host:33o6/db", "at or before \"host:33o6\""),
            ("mysql://ed:hidden@host:99999/db", "65535"),
            ("mysql://ed:hid/den@host/db", "can't be read:"),
        ] {
            let error = Url::parse(text).expect("a URL").check_authority().expect_err(text).to_string();
            assert!(error.contains(shown) && !error.contains("hid"), "{error}");
        }
        assert!(Url::parse("postgres:///db?host=a").expect("a URL").check_authority().is_ok());
        let error = Url::parse("postgres://ed:hid?den@host/db").expect_err("no option").to_string();
        assert!(error.contains("%3F") && !error.contains("den"), "{error}");
        let url = Url::parse("postgres://ed:hidden@host/db?sslpassword=hidden2").expect("a URL");
        assert_eq!(format!("{url:?}"), "Url(postgres://ed:***@host/db?sslpassword=***)");
    }
}
