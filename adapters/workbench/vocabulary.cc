#include "adapters/workbench/vocabulary.h"

#include <algorithm>
#include <array>

namespace adapters::workbench {
namespace {

struct Row {
  Meaning meaning;
  std::string_view names;  // separated by commas
};

constexpr std::string_view kReferral = "Referral", kCapacity = "CapacityUpdate", kFollowUp = "FollowUp", kAny = "";
constexpr std::string_view kTerminal = "may hold what a terminal returned", kHistory = "criminal history",
                           kNever = "identifies a person beyond need", kOwn = "of use to the source alone";

constexpr std::array kRows = {
    // The person.
    Row{{kReferral, "referral.subject.name.family"}, "last name,last,surname,family name,family,lname,sur name,person sur name,name last,nom"},
    Row{{kReferral, "referral.subject.name.given"}, "first name,first,given name,given,fname,forename,person given name,name first,prenom"},
    Row{{kReferral, "referral.subject.name.middle"}, "middle name,middle,middle initial,mname,mi,person middle name"},
    Row{{kReferral, "referral.subject.name.suffix"}, "suffix,name suffix,person name suffix text"},
    Row{{kReferral, "referral.subject.dob", Shape::kDate}, "dob,date of birth,birth date,birthdate,birthday,person birth date,person birth date date,birth dt"},
    Row{{kReferral, "referral.subject.age_band"}, "age band,age group,age range"},
    Row{{kReferral, "referral.subject.sex", Shape::kCode}, "sex,sex code,person sex code,person sex text,birth sex"},
    Row{{kReferral, "referral.subject.gender"}, "gender,gender identity"},
    Row{{kReferral, "referral.subject.race", Shape::kCode}, "race,race code,person race code,person race text"},
    Row{{kReferral, "referral.subject.ethnicity", Shape::kCode}, "ethnicity,ethnicity code,person ethnicity code,person ethnicity text"},
    Row{{kReferral, "referral.subject.language"}, "language,lang,primary language,preferred language,language code"},
    Row{{kReferral, "referral.subject.phone"}, "phone,phone number,phone no,telephone,telephone number,mobile,mobile phone,cell,cell phone,home phone,telephone number full id"},
    Row{{kReferral, "referral.subject.safe_to_contact"}, "safe to contact,ok to contact,contact preference"},
    Row{{kReferral, "referral.subject.descriptor"}, "description,descriptor,physical description"},
    Row{{kReferral, "referral.subject.marital"}, "marital,marital status"},
    Row{{kReferral, "referral.subject.interpreter", Shape::kYesNo}, "interpreter,interpreter needed,needs interpreter"},
    Row{{kReferral, "referral.subject.address.line"}, "home address,street address,residence,mailing address,street,address line,address line 1,street full text"},
    Row{{kReferral, "referral.subject.address.city"}, "city,city name,town,location city name,home city"},
    Row{{kReferral, "referral.subject.address.state"}, "state,state code,location state us postal service code,home state"},
    Row{{kReferral, "referral.subject.address.postal"}, "zip,zip code,zipcode,postal code,location postal code,home zip"},
    Row{{kReferral, "referral.subject.ids[mrn].value"}, "mrn,medical record number,patient id,client id,chart no,chart number"},
    Row{{kReferral, "referral.subject.contacts[next].name.family"}, "next of kin,emergency contact,guardian,guardian name"},
    Row{{kReferral, "referral.subject.contacts[next].phone"}, "next of kin phone,emergency contact phone,guardian phone"},
    // The call or the order.
    Row{{kReferral, "referral.incident_ref"}, "incident no,incident number,incident id,incident num,incident,case no,case number,case id,case,cad no,cad number,cad id,event no,event number,event id,call id,call no,call number,cfs no,cfs number,final case,report no,report number,run number,activity identification identification id,incident identification identification id,incident num id"},
    Row{{kReferral, "referral.source_ref"}, "referral id,referral no,referral number,order id,order no,order number,request id,row id,source ref,reference"},
    Row{{kReferral, "referral.reasons.code", Shape::kCode}, "reason,reason code,reason for referral,referral reason,call type,final call type,nature,nature of call,problem,problem type,presenting problem,incident type,complaint,chief complaint,call reason,reason for call,event type,case desc,why"},
    Row{{kReferral, "referral.trigger.code"}, "initial call type,init call type,call type initial,initial type,call group,incident category code,incident category text"},
    Row{{kReferral, "referral.service.code", Shape::kCode}, "service,service code,requested service,service requested,program,level of care"},
    Row{{kReferral, "referral.urgency", Shape::kCode}, "urgency,priority,priority number,priority code,acuity,triage,severity,call priority"},
    Row{{kReferral, "referral.requested_at", Shape::kMoment}, "requested at,request time,request date,referral date,referred at,referral time,order date,created at,date of referral"},
    Row{{kReferral, "referral.location_now"}, "location,loc,incident location,incident address,address,call location,event location,location now,scene address,current location"},
    Row{{kReferral, "referral.timeline[received].at", Shape::kMoment}, "received,rcvd,call received,received time,time received,call time,event time,rcvd time,recv time,incident date,incident date time,activity date,activity date date,activity date date time,occ date,date occurred,reported at,call datetime"},
    Row{{kReferral, "referral.timeline[dispatched].at", Shape::kMoment}, "dispatched,disp,disp time,dispatch at,time dispatched,dispatched at,first dispatched"},
    Row{{kReferral, "referral.timeline[on_scene].at", Shape::kMoment}, "arrived,arrv,arrival,on scene,on scene at,time arrived,arrive time,arrv time,arrived at,first on scene"},
    Row{{kReferral, "referral.timeline[cleared].at", Shape::kMoment}, "cleared,clr,clr time,closed,closed at,time cleared,cleared at"},
    Row{{kReferral, "referral.police_outcome", Shape::kCode}, "dispo,disposition,disposition code,dispo code,final disposition,outcome,activity disposition"},
    Row{{kReferral, "referral.co_response", Shape::kCode}, "cit,cit flag,co response,coresponder,co responder,clinician on scene,cit call"},
    // Who asks.
    Row{{kReferral, "referral.requester.name.family"}, "officer,officer name,primary officer,reporting officer,requester,requester name,referred by,referring provider,referrer,submitted by,cit officer"},
    Row{{kReferral, "referral.requester.phone"}, "callback,callback number,call back,call back number,callback phone,officer phone,requester phone,contact number,referrer phone"},
    Row{{kReferral, "referral.requester.email"}, "requester email,referrer email,contact email"},
    Row{{kReferral, "referral.requester.role", Shape::kCode}, "requester role,role,title,by role"},
    Row{{kReferral, "referral.authority_basis", Shape::kCode}, "authority basis,authority,legal basis,basis"},
    Row{{kReferral, "referral.consent_ref"}, "consent ref,consent id,consent no,consent reference"},
    // Safety, hold, care.
    Row{{kReferral, "referral.risk.self", Shape::kYesNo}, "risk self,threat self,threat to self,danger to self,suicidal,suicide risk,si,self harm"},
    Row{{kReferral, "referral.risk.others", Shape::kYesNo}, "risk others,threat others,threat to others,danger to others,homicidal,violent"},
    Row{{kReferral, "referral.risk.grave", Shape::kYesNo}, "gravely disabled,grave disability,risk grave"},
    Row{{kReferral, "referral.risk.weapons", Shape::kYesNo}, "weapons,weapon,weapons seen,weapon seen,weapons present,weapons involved"},
    Row{{kReferral, "referral.risk.weapons_secured", Shape::kYesNo}, "weapons secured,weapon secured"},
    Row{{kReferral, "referral.risk.means", Shape::kYesNo}, "means,means access,access to means"},
    Row{{kReferral, "referral.restraint", Shape::kYesNo}, "force used,use of force,restraint,restrained,handcuffed"},
    Row{{kReferral, "referral.injury", Shape::kYesNo}, "injury,injured,injuries"},
    Row{{kReferral, "referral.hold.form"}, "hold form,hold form no,form no"},
    Row{{kReferral, "referral.hold.basis"}, "hold basis,hold reason"},
    Row{{kReferral, "referral.hold.start", Shape::kMoment}, "hold start,hold time,hold at,hold began"},
    Row{{kReferral, "referral.hold.expires", Shape::kMoment}, "hold expires,hold end,hold until"},
    Row{{kReferral, "referral.hold.initiator"}, "hold by,hold initiator"},
    Row{{kReferral, "referral.hold.rights_advised", Shape::kYesNo}, "rights advised,rights read"},
    Row{{kReferral, "referral.prior_contacts"}, "prior contacts,contacts 90d,contacts 30d,prior calls,previous contacts"},
    Row{{kReferral, "referral.med_clearance", Shape::kCode}, "medical clearance,med clearance,medically cleared"},
    Row{{kReferral, "referral.transport_needed", Shape::kYesNo}, "transport needed,needs transport,transportation needed"},
    Row{{kReferral, "referral.housing"}, "housing,housing status,homeless"},
    Row{{kReferral, "referral.veteran"}, "veteran,veteran status,military"},
    Row{{kReferral, "referral.dependents"}, "dependents,children at home"},
    Row{{kReferral, "referral.payer"}, "payer,insurance,insurer,insurance company,payor"},
    Row{{kReferral, "referral.member_id"}, "member id,insurance id,policy number,subscriber id"},
    Row{{kReferral, "referral.diagnoses.code"}, "diagnosis,diagnosis code,dx,dx code,icd10,icd 10"},
    Row{{kReferral, "referral.medications.text"}, "medications,meds,current medications,medication"},
    Row{{kReferral, "referral.allergies.text"}, "allergies,allergy"},
    Row{{kReferral, "referral.notes"}, "officer summary,summary,summary for clinic,referral note,clinical note,note to provider"},
    // Beds and what followed.
    Row{{kCapacity, "capacity.service", Shape::kCode}, "service,service code,program,unit type,level of care,bed type"},
    Row{{kCapacity, "capacity.state", Shape::kCode}, "state,status,availability"},
    Row{{kCapacity, "capacity.count"}, "count,beds,beds available,available,available beds,open beds,vacancies"},
    Row{{kCapacity, "capacity.as_of", Shape::kMoment}, "as of,updated,updated at,timestamp,last updated,time"},
    Row{{kCapacity, "capacity.ttl_minutes"}, "ttl min,ttl minutes,valid minutes"},
    Row{{kCapacity, "capacity.accepts"}, "accepts,who is taken,criteria"},
    Row{{kCapacity, "capacity.phone"}, "phone,contact,intake phone"},
    Row{{kFollowUp, "follow_up.mark", Shape::kCode}, "mark,follow up,interval"},
    Row{{kFollowUp, "follow_up.result", Shape::kCode}, "result,outcome,reached"},
    Row{{kFollowUp, "follow_up.at", Shape::kMoment}, "at,date,time,contacted at"},
    Row{{kFollowUp, "follow_up.attempts"}, "attempts,tries"},
    Row{{kFollowUp, "follow_up.text"}, "note,comment,text"},
    // What came out of criminal-justice systems, or may have.
    Row{{kAny, "", Shape::kText, "cji", kTerminal}, "remarks,narrative,comments,comment,notes,note,dispatch notes,call notes,cad notes,narrative text,activity description text,history,hit,returns,return,query,query result,ncic,ncic return,nlets,wanted,want,warrant,warrants,warrant check,warrant status,active warrant,outstanding warrants,plate,plate return,plate no,license plate,licence plate,tag,vehicle,vin,vehicle return,registration return,gang,gang affiliation,mugshot,fbi number,fbi no,sid number,state id,caution,officer safety,hazard,driver license,drivers license,driver license number,dl,dl number,oln,operator license,protection order"},
    Row{{kAny, "", Shape::kText, "chri", kHistory}, "ncic hit,iii,iii hit,iii return,triple i,criminal history,chri,rap sheet,rap,priors,prior arrests,arrests,arrest history,convictions,prior convictions,record check,cch,probation,parole,sex offender,registered sex offender"},
    Row{{kAny, "", Shape::kText, "local", kNever}, "ssn,ss no,social security,social security number,social security no,person ssn identification identification id"},
    Row{{kAny, "", Shape::kText, "local", kOwn}, "agency,agency id,ori,unit,units,unit id,beat,zone,district,precinct,sector,area,grid,reporting area,division,shift,shift part,dispatcher,call taker,call taker id,operator,badge,badge no,bwc,bwc id,body cam,video id,latitude,longitude,lat,lon,lng,x,y,x coord,y coord,x coordina,y coordina,geo,census tract,census tra,day of year,week no,hour,day night,dow,day of week,mh referral,en route,enroute,enrt,call reception,queue time,dispatch time,phone time,ack time,enroute time,on scene time,process time,total time,time stopped,row,id,uuid,version,layout"},
};

// Whom a column is about, when its name says so.
constexpr std::array<std::string_view, 12> kWhom = {"subject", "subj",       "patient", "pt",     "person",   "client",
                                                    "consumer", "individual", "citizen", "member", "resident", "name"};
// Names around an element by which it is about somebody else: the one who asks, or nobody of ours.
constexpr std::string_view kAsker = "officer,enforcement official,requester,referrer,referring provider,reporting official,reported by,submitter,author";
constexpr std::string_view kOther = "witness,victim,suspect,complainant,caller,reporting party,reporter,guardian,parent,spouse,emergency contact,next of kin,"
                                    "contact,contacts,owner,driver,employer,attorney,judge,arrestee,offender,arrest subject,agency,organization,facility";
constexpr std::pair<std::string_view, std::string_view> kAskers[] = {{"referral.subject.name.family", "referral.requester.name.family"},
                                                                     {"referral.subject.name.given", "referral.requester.name.given"},
                                                                     {"referral.subject.phone", "referral.requester.phone"}};

struct Word {
  std::string_view set, code, words;
};
constexpr std::array kWords = {
    Word{"reason", "SI", "si,suic,suicidal,suicide,suicide threat,suicidal subject,suicidal ideation,suicidal thoughts"},
    Word{"reason", "SA", "sa,suica,suicide attempt,attempted suicide,att suicide"},
    Word{"reason", "HI", "hi,homicidal,homicidal ideation"},
    Word{"reason", "PSYCHOSIS", "psych,psychosis,psychotic,hallucinations,psychiatric,mental"},
    Word{"reason", "MANIA", "mania,manic"},
    Word{"reason", "ANX", "anx,anxiety,panic,panic attack"},
    Word{"reason", "SUBST", "subst,substance,substance use,drug,drugs,intox,intoxicated,alcohol,drunk"},
    Word{"reason", "OVERDOSE", "od,overdose,ovd,overdosed"},
    Word{"reason", "WITHDRAWAL", "withdrawal,detox"},
    Word{"reason", "WELFARE", "welf,welfare,welfare check,check welfare,wellness check,chkwel,welchk"},
    Word{"reason", "DV", "dv,domestic,domestic violence"},
    Word{"reason", "DEMENTIA", "dementia,alzheimer,confused"},
    Word{"reason", "YOUTH", "youth,juvmh,juvenile,runaway"},
    Word{"reason", "HOUSING", "homeless,housing"},
    Word{"reason", "MEDICAL", "medical,med,sick,sick person,medical emergency"},
    Word{"urgency", "emergent", "emergent,emergency,e,p1,1,high,immediate,stat,critical,red,p,a"},
    Word{"urgency", "urgent", "urgent,p2,2,medium,med,yellow,asap,u,b"},
    Word{"urgency", "routine", "routine,p3,p4,p5,3,4,5,low,normal,non urgent,nonurgent,green,r,c"},
    Word{"service", "CRISIS_EVAL", "crisis eval,crisis evaluation,evaluation,eval,assessment,psych eval"},
    Word{"service", "CSU_BED", "csu,csu bed,crisis bed,crisis stabilization,stabilization"},
    Word{"service", "INPT_PSYCH", "inpatient,inpt,inpt psych,inpatient psychiatric,psych bed"},
    Word{"service", "DETOX", "detox,detoxification,withdrawal management"},
    Word{"service", "OUTPT_MH", "outpatient,outpt,outpatient mental health,therapy,counseling"},
    Word{"service", "MOBILE_CRISIS", "mobile,mobile crisis,mcrt,mobile team"},
    Word{"service", "PEER", "peer,peer support"},
    Word{"service", "CASE_MGMT", "case management,case mgmt,case manager"},
    Word{"service", "SHELTER", "shelter"},
    Word{"service", "ED_MED", "ed,er,emergency department,medical"},
    Word{"capacity_state", "has", "has,open,available,yes,y"},
    Word{"capacity_state", "none", "none,full,closed,no,n"},
    Word{"capacity_state", "waitlist", "waitlist,waiting list,wait"},
    Word{"capacity_state", "divert", "divert,diversion,on diversion"},
    Word{"yes_no", "yes", "y,yes,true,1,t,x"},
    Word{"yes_no", "no", "n,no,false,0,f,none"},
    Word{"yes_no", "unknown", "u,unk,unknown,na,n a"},
    Word{"sex", "M", "m,male,1"},
    Word{"sex", "F", "f,female,2"},
    Word{"sex", "U", "u,unk,unknown,x"},
};

bool listed(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == name) return true;
    list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
  }
  return false;
}

// The path's names, from the last one outwards: "Person[2]/PersonName/PersonSurName" -> the last, the last two, ...
std::vector<std::string> ends_of(std::string_view path) {
  std::vector<std::string> parts, out;
  std::string clean;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (const auto close = path[i] == '[' ? path.find(']', i) : path.npos; close != path.npos)
      i = close;
    else
      clean += path[i] == '/' || path[i] == '.' ? '\n' : path[i];
  }
  for (std::string_view rest = clean;;) {
    const auto cut = rest.find('\n');
    parts.push_back(in_words(rest.substr(0, cut)));
    if (cut == rest.npos) break;
    rest.remove_prefix(cut + 1);
  }
  std::string end;
  for (std::size_t i = parts.size(); i > 0 && out.size() < 3; --i) {
    end = parts[i - 1] + (end.empty() ? "" : " " + end);
    out.insert(out.begin(), end);
  }
  return out;  // the longest first: it says most
}

std::string without_whom(std::string name) {
  for (bool more = true; more;) {
    more = false;
    for (const auto whom : kWhom)
      if (name.starts_with(std::string(whom) + " ")) name.erase(0, whom.size() + 1), more = true;
  }
  return name;
}

std::vector<std::string> around(std::string_view path) {
  std::vector<std::string> out;
  for (;;) {
    const auto cut = path.find_first_of("/.");
    if (cut == path.npos) return out;
    out.push_back(in_words(path.substr(0, std::min(cut, path.find('[')))));
    path.remove_prefix(cut + 1);
  }
}

// A name in a tree says nothing of whom it is about; those around it may.
std::optional<Meaning> about(Meaning m, std::string_view path) {
  if (!m.to.starts_with("referral.subject.")) return m;
  for (const auto& name : around(path)) {
    if (listed(kOther, name)) return std::nullopt;
    if (!listed(kAsker, name)) continue;
    for (const auto& [subject, requester] : kAskers)
      if (m.to == subject) return m.to = requester, m;
    return std::nullopt;
  }
  return m;
}

const Row* row_for(std::string_view kind, const std::string& name) {
  for (const Row& r : kRows)
    if ((r.meaning.kind == kind || r.meaning.kind.empty()) && listed(r.names, name)) return &r;
  return nullptr;
}

}  // namespace

std::string in_words(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9', wide = static_cast<unsigned char>(c) >= 0x80;
    if (!upper && !lower && !digit && !wide) {
      if (!out.empty() && out.back() != ' ') out += ' ';
      continue;
    }
    const bool after_lower = i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z';
    const bool before_lower = i > 0 && i + 1 < name.size() && name[i - 1] >= 'A' && name[i - 1] <= 'Z' && name[i + 1] >= 'a' && name[i + 1] <= 'z';
    if (upper && (after_lower || before_lower) && !out.empty() && out.back() != ' ') out += ' ';
    out += upper ? static_cast<char>(c + 32) : c;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

std::optional<Meaning> meaning_of(std::string_view kind, std::string_view path) {
  for (const auto& end : ends_of(path))
    if (const Row* r = row_for(kind, end)) return about(r->meaning, path);
  for (const auto& end : ends_of(path))
    if (const Row* r = row_for(kind, without_whom(end))) return about(r->meaning, path);
  return std::nullopt;
}

std::string_view code_for(std::string_view value_set, std::string_view word) {
  const std::string plain = in_words(word);
  for (const Word& w : kWords)
    if (w.set == value_set && listed(w.words, plain)) return w.code;
  return {};
}

}  // namespace adapters::workbench
